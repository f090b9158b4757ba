package org.spiredoctor.cli.options;

import io.spiffe.spiffeid.TrustDomain;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.evidence.Address;
import org.spiredoctor.evidence.cluster.ClusterAccess;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.kube.Connection;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which cluster, and how it may be asked. */
public final class ClusterConnection {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "default: $KUBECONFIG, ~/.kube/config, or a pod's service account")
  private @Nullable String kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "Use this context of the kubeconfig")
  private @Nullable String context;

  @Option(
      names = "--spire-namespace",
      paramLabel = "NAME",
      description =
          "Where SPIRE is (default: it is found; where there are several, the one in $NS)")
  private @Nullable String spireNamespace;

  @Option(
      names = "--no-exec",
      description = "Run nothing in SPIRE's pods; what entries say is unknown then")
  private boolean noExec;

  @Mixin private ServerOptions server = new ServerOptions();

  /** Whether any of these was given. */
  boolean given() {
    return server.given()
        || noExec
        || kubeconfig != null
        || context != null
        || spireNamespace != null;
  }

  /** Whether a cluster was named. */
  public boolean names() {
    return kubeconfig != null || context != null;
  }

  /** Whether one of the server's own options was given. */
  boolean namesServer() {
    return server.given();
  }

  /**
   * How it is reached, and its SPIRE server.
   *
   * @param workloadApi where an SVID for the server is fetched when none is in files
   * @param trustDomain that the server is expected to be of
   */
  public ClusterAccess access(Address workloadApi, Optional<TrustDomain> trustDomain)
      throws UsageException {
    return new ClusterAccess(
        Optional.ofNullable(kubeconfig),
        Optional.ofNullable(context),
        server.access(workloadApi, trustDomain));
  }

  /**
   * The namespace of a pod that is named without one: that of the context, or {@code default}, as
   * with kubectl; absent where there is no kubeconfig to read.
   */
  Optional<String> namespaceOfPods() {
    return Connection.namespace(Optional.ofNullable(kubeconfig), Optional.ofNullable(context));
  }

  /** What whoever registers asks of it: they need not see all of the cluster. */
  public ClusterQuery wantedOfSpire(
      Map<String, String> environment, Optional<TrustDomain> trustDomain) {
    ClusterQuery query =
        query(
            environment,
            new ClusterQuery.Pods.WithSocket(Optional.empty()),
            trustDomain.map(TrustDomain::getName),
            Optional.empty(),
            List.of());
    return query.of(new ClusterQuery.Pods.WithSocket(Optional.of(query.expectedNamespace())));
  }

  /**
   * What is asked of it.
   *
   * @param environment where {@code NS} is a hint at SPIRE's namespace: scripts set it for the
   *     namespace of workloads too, so it is not the user's word that SPIRE is there
   */
  public ClusterQuery query(
      Map<String, String> environment,
      ClusterQuery.Pods pods,
      Optional<String> trustDomain,
      Optional<String> spiffeId,
      List<String> federatesWith) {
    return new ClusterQuery(
            pods,
            Optional.ofNullable(spireNamespace),
            trustDomain,
            spiffeId,
            federatesWith,
            !noExec,
            false)
        .hinting(Optional.ofNullable(environment.get("NS")).filter(ns -> !ns.isEmpty()));
  }
}
