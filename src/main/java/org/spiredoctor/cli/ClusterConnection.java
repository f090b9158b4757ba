package org.spiredoctor.cli;

import io.spiffe.spiffeid.TrustDomain;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.evidence.cluster.Wanted;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which cluster, and how it may be asked. */
final class ClusterConnection {
  /** For one request of the API server. */
  static final Duration LIMIT = Duration.ofSeconds(15);

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
      description = "Where SPIRE is (default: $NS, or it is found)")
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
  boolean names() {
    return kubeconfig != null || context != null;
  }

  /** How the SPIRE server is asked. */
  ServerOptions server() {
    return server;
  }

  Optional<String> kubeconfig() {
    return Optional.ofNullable(kubeconfig);
  }

  Optional<String> context() {
    return Optional.ofNullable(context);
  }

  /** Where SPIRE is, if that is said. */
  Optional<String> spireNamespace(Map<String, String> environment) {
    return Optional.ofNullable(spireNamespace)
        .or(() -> Optional.ofNullable(environment.get("NS")).filter(ns -> !ns.isEmpty()));
  }

  /** What whoever registers asks of it: they need not see all of the cluster. */
  Wanted wantedOfSpire(Map<String, String> environment, Optional<TrustDomain> trustDomain) {
    return wanted(
        environment,
        new Wanted.Pods.WithSocket(Optional.of(spireNamespace(environment).orElse("spire-system"))),
        trustDomain.map(TrustDomain::getName),
        Optional.empty(),
        List.of());
  }

  /** What is asked of it. */
  Wanted wanted(
      Map<String, String> environment,
      Wanted.Pods pods,
      Optional<String> trustDomain,
      Optional<String> spiffeId,
      List<String> federatesWith) {
    return new Wanted(
        pods, spireNamespace(environment), trustDomain, spiffeId, federatesWith, !noExec, false);
  }
}
