package org.spiredoctor.cli.options;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.check.SavedBundle;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.LabelSelector;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which cluster, and what of it. */
public final class ClusterOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "[NAMESPACE/]POD",
      description =
          "Examine this pod's identity from outside, through the cluster, or that of an owner's pods"
              + " (deploy/NAME, ds/NAME, sts/NAME, job/NAME; without NAMESPACE: in that"
              + " of -n or of the kubeconfig's context, or default; with -A in all)")
  private @Nullable String pod;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Examine pods of this namespace only")
  private @Nullable String namespace;

  @Option(
      names = {"-l", "--selector"},
      paramLabel = "LABELS",
      description = "Examine pods with these labels, as app=web,tier!=test")
  private @Nullable String selector;

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Examine the pods of the cluster that use an agent's socket (the default)")
  private boolean all;

  @Mixin private ClusterConnection connection = new ClusterConnection();

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "Examine a bundle instead of a cluster")
  private @Nullable Path from;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description =
          "Keep what was seen in this bundle, for its owner only: without keys, tokens and secrets")
  private @Nullable Path save;

  @Mixin private WorkloadLogs workloadLogs = new WorkloadLogs();

  @Option(
      names = "--max-bundle-size",
      paramLabel = "MIB",
      defaultValue = "512",
      description = "With --from: refuse a bundle that holds more, decompressed (default: 512 MiB)")
  private int largest;

  /** Whether a cluster is asked for. */
  public boolean given() {
    return all
        || from != null
        || save != null
        || connection.given()
        || pod != null
        || namespace != null
        || selector != null;
  }

  /** How the cluster is reached. */
  public ClusterConnection connection() {
    return connection;
  }

  /** The bundle that is examined instead of a cluster. */
  public Optional<SavedBundle> from() {
    return Optional.ofNullable(from).map(file -> new SavedBundle(file, (long) largest << 20));
  }

  /** The bundle that is written. */
  public Optional<Path> save() {
    return Optional.ofNullable(save);
  }

  /** What is asked. */
  public ClusterQuery query(
      Map<String, String> environment,
      Optional<String> trustDomain,
      Optional<String> spiffeId,
      List<String> federatesWith)
      throws UsageException {
    return workloadLogs.in(
        connection.query(environment, pods(), trustDomain, spiffeId, federatesWith));
  }

  private ClusterQuery.Pods pods() throws UsageException {
    if (pod != null && selector != null) {
      throw new UsageException("a POD and --selector cannot both be given");
    }
    if (from != null && (save != null || connection.names() || connection.namesServer())) {
      throw new UsageException(
          "--from reads a bundle: --save, --kubeconfig, --context, --server-socket and"
              + " --server-address do not go with it");
    }
    if (largest < 1) {
      throw new UsageException("--max-bundle-size " + largest + " is not a number of MiB");
    }
    if (all && namespace != null) {
      throw new UsageException("--all-namespaces and --namespace cannot both be given");
    }
    Optional<String> in = Optional.ofNullable(namespace);
    if (selector != null) {
      try {
        LabelSelector.parse(selector);
      } catch (IllegalArgumentException e) {
        throw new UsageException("--selector: " + e.getMessage());
      }
      return new ClusterQuery.Pods.Labelled(in, selector);
    }
    if (pod == null) {
      return new ClusterQuery.Pods.WithSocket(in);
    }
    return pods(pod, in, all || from != null ? Optional.empty() : connection.namespaceOfPods());
  }

  /** {@code deploy/web}, as kubectl has it. */
  private static final Map<String, String> OWNERS =
      Map.ofEntries(
          Map.entry("deploy", "Deployment"),
          Map.entry("deployment", "Deployment"),
          Map.entry("deployments", "Deployment"),
          Map.entry("ds", "DaemonSet"),
          Map.entry("daemonset", "DaemonSet"),
          Map.entry("daemonsets", "DaemonSet"),
          Map.entry("sts", "StatefulSet"),
          Map.entry("statefulset", "StatefulSet"),
          Map.entry("statefulsets", "StatefulSet"),
          Map.entry("rs", "ReplicaSet"),
          Map.entry("replicaset", "ReplicaSet"),
          Map.entry("replicasets", "ReplicaSet"),
          Map.entry("job", "Job"),
          Map.entry("jobs", "Job"),
          Map.entry("cj", "CronJob"),
          Map.entry("cronjob", "CronJob"),
          Map.entry("cronjobs", "CronJob"));

  /** The pods of an owner, where one is named; else a pod. */
  static ClusterQuery.Pods pods(String name, Optional<String> in, Optional<String> otherwise)
      throws UsageException {
    int slash = name.indexOf('/');
    String kind = slash < 0 ? null : OWNERS.get(name.substring(0, slash));
    return kind == null
        ? named(name, in, otherwise)
        : new ClusterQuery.Pods.OwnedBy(in.or(() -> otherwise), kind, name.substring(slash + 1));
  }

  private static ClusterQuery.Pods.Named named(
      String pod, Optional<String> in, Optional<String> otherwise) throws UsageException {
    ClusterQuery.Pods.Named named = ClusterQuery.Pods.Named.of(pod, in.or(() -> otherwise));
    if (in.isPresent() && !named.namespace().equals(in)) {
      throw new UsageException("--namespace " + in.get() + " contradicts " + pod);
    }
    return named;
  }
}
