package org.spiredoctor.evidence.cluster;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.Pod;

/**
 * What the user asks of a cluster.
 *
 * @param pods which pods' identities
 * @param spireNamespace where SPIRE is, by the user's word; found when absent
 * @param spireHint where SPIRE is looked for first: it chooses among several that are there, makes
 *     none of them SPIRE, and is ignored where none is
 * @param trustDomain that is expected
 * @param spiffeId that the pods should have
 * @param federatesWith trust domains whose bundles they should be given
 * @param exec whether programs may be run in SPIRE's pods
 * @param workloadLogs whether logs of failed pods are read that are neither SPIRE's nor asked for
 *     by name
 * @param sparing whether of a large cluster only what matters to these pods is listed: enough to
 *     judge them, and not to judge what a change does to others
 */
public record ClusterQuery(
    Pods pods,
    Optional<String> spireNamespace,
    Optional<String> spireHint,
    Optional<String> trustDomain,
    Optional<String> spiffeId,
    List<String> federatesWith,
    boolean exec,
    boolean workloadLogs,
    boolean sparing) {

  /** Where SPIRE usually is. */
  private static final String USUAL = "spire-system";

  /** Without a hint, of all of a cluster. */
  public ClusterQuery(
      Pods pods,
      Optional<String> spireNamespace,
      Optional<String> trustDomain,
      Optional<String> spiffeId,
      List<String> federatesWith,
      boolean exec,
      boolean workloadLogs) {
    this(
        pods,
        spireNamespace,
        Optional.empty(),
        trustDomain,
        spiffeId,
        federatesWith,
        exec,
        workloadLogs,
        false);
  }

  /** The same with a namespace where SPIRE is looked for first. */
  public ClusterQuery hinting(Optional<String> namespace) {
    return with(pods, namespace, spiffeId, workloadLogs);
  }

  /** The same of other pods. */
  public ClusterQuery of(Pods others) {
    return with(others, spireHint, spiffeId, workloadLogs);
  }

  /** The same of pods that should have this identity. */
  public ClusterQuery expecting(String id) {
    return with(pods, spireHint, Optional.of(id), workloadLogs);
  }

  /** The same of pods that may have any identity. */
  public ClusterQuery expectingAny() {
    return with(pods, spireHint, Optional.empty(), workloadLogs);
  }

  /** The same with the logs of failed pods of whatever namespace. */
  public ClusterQuery withWorkloadLogs() {
    return with(pods, spireHint, spiffeId, true);
  }

  private ClusterQuery with(Pods others, Optional<String> hint, Optional<String> id, boolean logs) {
    return new ClusterQuery(
        others, spireNamespace, hint, trustDomain, id, federatesWith, exec, logs, sparing);
  }

  /** The same of what matters to these pods only. */
  public ClusterQuery ofLittle() {
    return new ClusterQuery(
        pods,
        spireNamespace,
        spireHint,
        trustDomain,
        spiffeId,
        federatesWith,
        exec,
        workloadLogs,
        true);
  }

  /** All namespaces that matter, where pods of one are asked for; else none are left out. */
  public Set<String> namespaces() {
    return pods.namespace()
        .map(asked -> new TreeSet<>(List.of(asked, expectedNamespace())))
        .orElseGet(TreeSet::new);
  }

  /** Where SPIRE is looked for where not all of the cluster may be seen. */
  public String expectedNamespace() {
    return spireNamespace.or(() -> spireHint).orElse(USUAL);
  }

  /** Whether the user named a pod, or what makes it. */
  public boolean named() {
    return pods instanceof Pods.Named || pods instanceof Pods.OwnedBy;
  }

  /** Which pods. */
  public sealed interface Pods {
    /** Of which namespace; of any when absent. */
    Optional<String> namespace();

    /** Those that mount the agent's socket. */
    record WithSocket(Optional<String> namespace) implements Pods {}

    /** One by its name. */
    record Named(Optional<String> namespace, String name) implements Pods {
      /**
       * Of what users write.
       *
       * @param pod {@code POD} or {@code NAMESPACE/POD}
       * @param otherwise its namespace where none is said
       */
      public static Named of(String pod, Optional<String> otherwise) {
        int slash = pod.indexOf('/');
        String before = slash < 0 ? "pod" : pod.substring(0, slash);
        // As kubectl: pod/NAME.
        return new Named(
            before.equals("pod") || before.equals("pods") ? otherwise : Optional.of(before),
            pod.substring(slash + 1));
      }
    }

    /**
     * Those of an owner.
     *
     * @param kind as Kubernetes writes it, such as {@code Deployment}
     */
    record OwnedBy(Optional<String> namespace, String kind, String name) implements Pods {
      /** {@code Deployment web}. */
      public String inWords() {
        return kind + " " + name;
      }

      /** A deployment's pods are made by its replica sets, a cron job's by its jobs. */
      boolean owns(Pod pod) {
        return pod.meta().owners().stream()
            .anyMatch(
                its ->
                    switch (kind) {
                      case "Deployment" -> made(its, "ReplicaSet", "-[a-z0-9]+");
                      case "CronJob" -> made(its, "Job", "-[0-9]+");
                      default -> made(its, kind, "");
                    });
      }

      private boolean made(Meta.OwnerReference its, String by, String suffix) {
        return its.kind().equals(by) && its.name().matches("\\Q" + name + "\\E" + suffix);
      }
    }

    /** Those with these labels. */
    record Labelled(Optional<String> namespace, String selector) implements Pods {}
  }
}
