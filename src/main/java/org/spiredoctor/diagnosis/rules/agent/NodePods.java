package org.spiredoctor.diagnosis.rules.agent;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.CsiDriver;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;

/**
 * Pods of which each node is to have one: the agents, or those of the SPIFFE CSI driver.
 *
 * @param name plural, such as {@code the agents}
 * @param spire the agents of the same SPIRE, on whose word alone they are given rights
 * @param owner of them; absent for bare pods
 * @param leaving those that are being deleted, by their node
 */
public record NodePods(
    String name,
    Component spire,
    Optional<PodOwner> owner,
    List<Pod> pods,
    Map<String, Pod> leaving) {

  /** The agents themselves. */
  static NodePods of(ClusterEvidence evidence, Component agents) {
    return new NodePods(
        "the agents", agents, agents.owner(), agents.pods(), leaving(evidence, agents.owner()));
  }

  private static Map<String, Pod> leaving(ClusterEvidence evidence, Optional<PodOwner> owner) {
    return evidence.pods().seen().orElse(List.of()).stream()
        .filter(pod -> pod.meta().deleting())
        .filter(pod -> owner.filter(its -> pod.meta().isOwnedBy(its.meta().uid())).isPresent())
        .collect(Collectors.toMap(Pod::node, pod -> pod, (first, _) -> first));
  }

  /**
   * What brings the SPIFFE CSI drivers of a SPIRE's namespaces, other than the agents' own owner,
   * which may bring both.
   */
  static List<NodePods> drivers(ClusterCase cluster, Component agents) {
    return cluster.evidence().owners().stream()
        .filter(owner -> owner.kind().equals("DaemonSet"))
        .filter(owner -> agents.owner().filter(owner::equals).isEmpty())
        .filter(owner -> !CsiDriver.of(List.of(owner.template())).isEmpty())
        .filter(
            owner ->
                cluster
                    .home(agents)
                    .installation()
                    .components()
                    .filter(Component::isCorroborated)
                    .anyMatch(part -> part.namespace().equals(owner.meta().namespace())))
        .map(owner -> driver(cluster, agents, owner))
        .toList();
  }

  /** What brings the SPIFFE CSI driver of this name, where its namespace is one of the SPIRE's. */
  public static Optional<NodePods> driver(ClusterCase cluster, Component agents, String driver) {
    return drivers(cluster, agents).stream()
        .filter(
            its ->
                its.owner().stream()
                    .flatMap(owner -> CsiDriver.of(List.of(owner.template())).stream())
                    .anyMatch(one -> one.name().equals(driver)))
        .findFirst();
  }

  private static NodePods driver(ClusterCase cluster, Component agents, PodOwner owner) {
    return new NodePods(
        "the CSI driver's pods",
        agents,
        Optional.of(owner),
        cluster.evidence().pods().seen().orElse(List.of()).stream()
            .filter(pod -> pod.meta().isOwnedBy(owner.meta().uid()) && !pod.meta().deleting())
            .toList(),
        leaving(cluster.evidence(), Optional.of(owner)));
  }

  /** Whether one of them runs on a node. */
  boolean isOn(String node) {
    return pods.stream().anyMatch(pod -> pod.node().equals(node));
  }

  /** Where they are. */
  String namespace() {
    return owner.map(its -> its.meta().namespace()).orElseGet(spire::namespace);
  }
}
