package org.spiredoctor.diagnosis.rules.svid;

import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** Pods that use the socket of one of several SPIREs, and are expected to be of another one. */
final class OtherDomain {
  private OtherDomain() {}

  /** Of the pods that the user chose: of all pods some are of either. */
  static List<Outcome> examine(Rule rule, ClusterCase cluster) {
    ClusterQuery query = cluster.evidence().query();
    String expected =
        query.trustDomain().or(() -> query.spiffeId().map(SpiffeIds::trustDomain)).orElse("");
    if (expected.isEmpty() || query.pods() instanceof ClusterQuery.Pods.WithSocket) {
      return List.of();
    }
    return cluster.installations().stream()
        .filter(one -> one.installation().trustDomain().filter(expected::equals).isPresent())
        .findFirst()
        .map(
            meant ->
                PodGroup.of(cluster, cluster.pods()).stream()
                    .flatMap(group -> judge(rule, cluster, group, meant, expected).stream())
                    .toList())
        .orElse(List.of());
  }

  private static Optional<Outcome> judge(
      Rule rule, ClusterCase cluster, PodGroup group, InstallationCase meant, String expected) {
    return cluster
        .home(group.first())
        .flatMap(
            home ->
                home.installation()
                    .trustDomain()
                    .filter(its -> !its.equals(expected))
                    .map(its -> found(group.error(rule), group.first(), home, meant, expected)));
  }

  private static Outcome found(
      Finding.Builder finding,
      Pod pod,
      InstallationCase home,
      InstallationCase meant,
      String expected) {
    String theirs = meant.inWords();
    return finding
        .seen("pod " + pod.inWords(), "has the socket of " + home.inWords())
        .seen("SPIRE of " + expected, theirs)
        .remedy(
            new Remedy.Advice(
                pod.containers(Container.Role.APP)
                    .flatMap(
                        container ->
                            AgentSockets.address(meant, pod, container).stream()
                                .map(
                                    address ->
                                        "Set SPIFFE_ENDPOINT_SOCKET of container "
                                            + container.name()
                                            + " to "
                                            + address
                                            + ", the socket of the agents of "
                                            + theirs))
                    .findFirst()
                    .orElse("Give the pod the socket of the agents of " + theirs)))
        .remedy(new Remedy.Advice("Or correct the trust domain that is expected"))
        .found(
            "The pod uses agents of the trust domain "
                + home.installation().trustDomain().orElse("")
                + ", not of "
                + expected
                + ", which is that of "
                + theirs);
  }
}
