package org.spiredoctor.diagnosis.rules.entry;

import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.ClusterSpiffeId;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.kube.Pod;

/**
 * A ClusterSPIFFEID that another SPIRE's controller-manager acts on, though no pod of that SPIRE is
 * selected by it: it has the wrong class, or its pods use the wrong socket.
 *
 * @param acting the SPIRE whose controller-manager acts on it
 */
record MisdirectedDeclaration(ClusterSpiffeId id, InstallationCase acting) {

  /** Absent where it may well be meant for pods of the other SPIRE. */
  static Optional<MisdirectedDeclaration> of(ClusterCase cluster, ClusterSpiffeId id, Pod pod) {
    // One that selects all pods is for those of its own SPIRE, whoever they are.
    if (id.pods().isEmpty() || ClusterSpiffeIdDiagnosis.isActedOn(cluster, id, pod)) {
      return Optional.empty();
    }
    List<InstallationCase> acting =
        cluster.installations().stream()
            .filter(one -> one.controllers().stream().anyMatch(c -> c.actsOn(id.className())))
            .toList();
    boolean others =
        cluster.selectedBy(id).stream()
            .map(cluster::home)
            .allMatch(home -> home.filter(one -> !acting.contains(one)).isPresent());
    return acting.size() == 1 && others
        ? Optional.of(new MisdirectedDeclaration(id, acting.getFirst()))
        : Optional.empty();
  }

  /** Says why the pod has no identity of it, and adds what shows that and what repairs it. */
  String why(ClusterCase cluster, PodEntryMatch one, Finding.Builder finding) {
    String theirs = acting.inWords();
    ControllerManager own = one.home().controllers().getFirst();
    Remedy classed = ClusterSpiffeIdDiagnosis.giveClass(cluster, own, id);
    finding
        .seen("ClusterSPIFFEID " + id.name(), "className " + id.className() + ", of " + theirs)
        .seen("pod " + one.pod().inWords(), "has the socket of " + one.home().inWords());
    Optional<String> socket = AgentSockets.address(acting, one.pod(), one.container());
    socket.ifPresentOrElse(
        address ->
            finding
                .remedy(
                    new Remedy.Advice(
                        "If the pod is meant for "
                            + theirs
                            + ", set SPIFFE_ENDPOINT_SOCKET of container "
                            + one.container().name()
                            + " to "
                            + address
                            + ", the socket of the agents there"))
                .remedy(classed),
        () ->
            finding
                .remedy(classed)
                .remedy(
                    new Remedy.Advice(
                        "If the pod is meant for "
                            + theirs
                            + ", mount the socket of the agents there instead")));
    return "which makes entries on the server of " + theirs + ", whose agents the pod does not use";
  }
}
