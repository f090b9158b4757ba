package org.spiredoctor.evidence.cluster;

import java.time.Duration;
import java.util.Optional;
import org.spiredoctor.kube.Connection;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;

/**
 * How a cluster is reached, and the SPIRE server in it.
 *
 * @param kubeconfig the file, where one is named
 * @param context of the kubeconfig, where one is named
 * @param server that is asked over its API, and not with its program in its pod
 */
public record ClusterAccess(
    Optional<String> kubeconfig, Optional<String> context, Optional<ServerAccess> server) {
  /** For one request of the API server. */
  public static final Duration LIMIT = Duration.ofSeconds(15);

  /** Whether a cluster was named. */
  public boolean namesCluster() {
    return kubeconfig.isPresent() || context.isPresent();
  }

  /**
   * The namespace of a pod that is named without one: that of the context, or {@code default}, as
   * with kubectl; absent where there is no kubeconfig to read.
   */
  public Optional<String> namespaceOfPods() {
    return Connection.namespace(kubeconfig, context);
  }

  /**
   * Connects; nothing is sent yet.
   *
   * @param limit for each request
   * @throws KubeException when nothing says where a cluster is, or it cannot be read
   */
  public KubeApi open(Duration limit) throws KubeException {
    return Connection.open(kubeconfig, context, limit);
  }
}
