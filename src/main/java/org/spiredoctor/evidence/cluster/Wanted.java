package org.spiredoctor.evidence.cluster;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the user asks of a cluster.
 *
 * @param pods which pods' identities
 * @param spireNamespace where SPIRE is; found when absent
 * @param trustDomain that is expected
 * @param spiffeId that the pods should have
 * @param federatesWith trust domains whose bundles they should be given
 * @param exec whether programs may be run in SPIRE's pods
 * @param workloadLogs whether logs of failed pods are read that are neither SPIRE's nor asked for
 *     by name
 */
public record Wanted(
    Pods pods,
    Optional<String> spireNamespace,
    Optional<String> trustDomain,
    Optional<String> spiffeId,
    List<String> federatesWith,
    boolean exec,
    boolean workloadLogs) {

  /** Where SPIRE usually is. */
  private static final String USUAL = "spire-system";

  /** The same of other pods. */
  public Wanted of(Pods others) {
    return new Wanted(
        others, spireNamespace, trustDomain, spiffeId, federatesWith, exec, workloadLogs);
  }

  /** The same of pods that should have this identity. */
  public Wanted expecting(String id) {
    return new Wanted(
        pods, spireNamespace, trustDomain, Optional.of(id), federatesWith, exec, workloadLogs);
  }

  /** The same with the logs of failed pods of whatever namespace. */
  public Wanted withWorkloadLogs() {
    return new Wanted(pods, spireNamespace, trustDomain, spiffeId, federatesWith, exec, true);
  }

  /** All namespaces that matter, where pods of one are asked for; else none are left out. */
  public Set<String> namespaces() {
    return pods.namespace()
        .map(asked -> new TreeSet<>(List.of(asked, spireNamespace.orElse(USUAL))))
        .orElseGet(TreeSet::new);
  }

  /** Which pods. */
  public sealed interface Pods {
    /** Of which namespace; of any when absent. */
    Optional<String> namespace();

    /** Those that mount the agent's socket. */
    record WithSocket(Optional<String> namespace) implements Pods {}

    /** One by its name. */
    record Named(Optional<String> namespace, String name) implements Pods {}

    /** Those with these labels. */
    record Labelled(Optional<String> namespace, String selector) implements Pods {}
  }
}
