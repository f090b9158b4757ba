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

/** The address is not one that the SPIFFE Workload Endpoint specification allows. */
@AutoService(Rule.class)
public final class SocketAddressInvalid implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    Address address = evidence.asked().address();
    if (address.problem().isEmpty()) {
      return new Outcome.Passed();
    }
    Finding.Builder finding =
        Finding.error(this, Subject.here(evidence)).seen(address.source(), address.text());
    address
        .suggestion()
        .ifPresentOrElse(
            meant ->
                finding.remedy(
                    new Remedy.Patch(
                        "Write it as it was probably meant", Manifests.endpointVariable(meant))),
            () ->
                finding.remedy(
                    new Remedy.Advice(
                        "Write it as unix:///absolute/path/to/socket or as tcp://IP:port")));
    return finding.found(
        "The address of the Workload API is malformed: " + address.problem().get());
  }
}
