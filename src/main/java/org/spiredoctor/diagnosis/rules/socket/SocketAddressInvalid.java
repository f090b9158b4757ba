package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Address;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.kube.Container;

/** The address is not one that the SPIFFE Workload Endpoint specification allows. */
@AutoService(Rule.class)
public final class SocketAddressInvalid implements Rule {
  private static final String HOW =
      "Write it as unix:///absolute/path/to/socket or as tcp://IP:port";

  @Override
  public Outcome examine(Evidence evidence) {
    Address address = evidence.query().address();
    if (address.problem().isEmpty()) {
      return new Outcome.Passed();
    }
    Finding.Builder finding = Finding.error(this, evidence).seen(address.source(), address.text());
    address
        .suggestion()
        .ifPresentOrElse(
            meant ->
                finding.remedy(
                    new Remedy.Patch(
                        "Write it as it was probably meant", Manifests.endpointVariable(meant))),
            () -> finding.remedy(new Remedy.Advice(HOW)));
    return finding.found(
        "The address of the Workload API is malformed: " + address.problem().get());
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examine(cluster, pod -> !pod.over(), this::judge);
  }

  private Optional<Outcome> judge(PodGroup group) {
    return group.first().containers().stream()
        .flatMap(
            container ->
                AgentSockets.address(container).stream()
                    .filter(address -> address.problem().isPresent())
                    .map(address -> found(group, container, address)))
        .findFirst();
  }

  private Outcome found(PodGroup group, Container container, Address address) {
    Finding.Builder finding =
        group
            .error(this)
            .seen("container " + container.name(), address.source() + "=" + address.text());
    address
        .suggestion()
        .ifPresentOrElse(
            meant ->
                finding.remedy(
                    new Remedy.Patch(
                        "Write it as it was probably meant",
                        Manifests.variable(container, address.source(), meant))),
            () -> finding.remedy(new Remedy.Advice(HOW)));
    return finding.found(
        "The address of the Workload API is malformed: " + address.problem().orElse(""));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.SOCKET_NOT_REACHED);
  }
}
