package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.Address;
import org.spiredoctor.evidence.Evidence;

/** No address is given anywhere: client libraries then fail before they open a socket. */
@AutoService(Rule.class)
public final class SocketNotConfigured implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    Address address = evidence.asked().address();
    return switch (address.origin()) {
      case FLAG, VARIABLE -> new Outcome.Passed();
      case DETECTED ->
          evidence.surroundings().inPod()
              ? described(Finding.warning(this, Subject.here(evidence)), address)
                  .found(
                      "No address is configured; a socket was found at "
                          + address.text()
                          + ", but a program that relies on SPIFFE_ENDPOINT_SOCKET will not look there")
              : new Outcome.NotApplicable("found without being told");
      case DEFAULT ->
          described(Finding.error(this, Subject.here(evidence)), address)
              .found("No address of the Workload API is configured, and none was found");
    };
  }

  private static Finding.Builder described(Finding.Builder finding, Address address) {
    return finding
        .seen("environment", "SPIFFE_ENDPOINT_SOCKET and SPIRE_AGENT_SOCKET are not set")
        .remedy(
            new Remedy.Patch(
                "Set the variable in every container that needs an identity",
                Manifests.endpointVariable(address.text())));
  }
}
