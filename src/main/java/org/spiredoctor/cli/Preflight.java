package org.spiredoctor.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.evidence.cluster.CsiDriver;
import org.spiredoctor.kube.Node;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.run.SocketVolume;

/**
 * What a test pod finds in a cluster: agents, nodes, and the way to the socket.
 *
 * @param home the SPIRE of the tests
 */
record Preflight(ClusterCase cluster, InstallationCase home) {
  private static final String CSI_DRIVER = "csi.spiffe.io";
  private static final String SOCKET_DIRECTORY = "/tmp/spire-agent/public";

  /** More names than these make no sense in a manifest. */
  private static final int MOST_NODES = 50;

  /**
   * Looks.
   *
   * @throws UsageException when there are several SPIREs, and it is not said which
   */
  static Preflight of(ClusterCase cluster) throws UsageException {
    Optional<String> domain = cluster.evidence().wanted().trustDomain();
    List<InstallationCase> all = cluster.installations();
    List<InstallationCase> meant =
        all.size() == 1
            ? all
            : all.stream()
                .filter(one -> domain.isPresent() && domain.equals(one.trustDomain()))
                .toList();
    if (meant.size() != 1) {
      throw new UsageException(
          "there are several SPIREs: --spire-namespace or --trust-domain must say which is meant: "
              + all.stream()
                  .map(one -> one.installation().inWords())
                  .collect(Collectors.joining(", ")));
    }
    return new Preflight(cluster, meant.getFirst());
  }

  /** What is missing to see agents; nothing when they would be seen. */
  Optional<String> unseen() {
    return cluster.evidence().pods().missing();
  }

  /** A ready agent, of this node if one is named; else any there is. */
  Optional<Pod> agent(Optional<String> node) {
    List<Pod> there =
        home.agentPods().filter(pod -> node.isEmpty() || node.get().equals(pod.node())).toList();
    return there.stream().filter(Pod::ready).findFirst().or(() -> there.stream().findFirst());
  }

  /** Where agents are, in words. */
  String elsewhere() {
    List<String> nodes = home.agentPods().map(Pod::node).distinct().sorted().limit(10).toList();
    return nodes.isEmpty() ? "" : "; there are agents on " + String.join(", ", nodes);
  }

  /** The nodes to choose from; empty where each has an agent, or it is not known. */
  List<String> nodes(Optional<String> named) {
    if (named.isPresent()) {
      return List.of(named.get());
    }
    List<String> ready = home.agentPods().filter(Pod::ready).map(Pod::node).distinct().toList();
    boolean everywhere = ready.containsAll(cluster.evidence().nodes().keySet());
    return everywhere || ready.size() > MOST_NODES ? List.of() : ready;
  }

  /** As Go names it; of the nodes that have an agent, if they are all the same. */
  Optional<String> architecture() {
    List<String> all =
        home.agentPods()
            .map(pod -> cluster.evidence().nodes().get(pod.node()))
            .filter(node -> node != null)
            .map(Node::info)
            .map(info -> info.getOrDefault("architecture", ""))
            .distinct()
            .toList();
    return all.size() == 1
        ? Optional.of(all.getFirst()).filter(a -> !a.isEmpty())
        : Optional.empty();
  }

  /** What the pod gets the socket by. */
  SocketVolume volume(TestPodOptions options, Map<String, String> environment) {
    Optional<CsiDriver> driver =
        CsiDriver.of(cluster.evidence().pods().seen().orElse(List.of())).stream()
            .filter(one -> home.installation().agents().stream().anyMatch(one::serves))
            .findFirst();
    boolean csi =
        switch (options.volume()) {
          case auto -> driver.isPresent() && options.socketDir(environment).isEmpty();
          case csi -> true;
          case hostpath -> false;
        };
    return csi
        ? new SocketVolume.Csi(driver.map(CsiDriver::name).orElse(CSI_DRIVER))
        : new SocketVolume.HostPath(
            options
                .socketDir(environment)
                .or(() -> onNode().map(path -> path.substring(0, path.lastIndexOf('/'))))
                .filter(directory -> !directory.isEmpty())
                .orElse(SOCKET_DIRECTORY));
  }

  private Optional<String> onNode() {
    return home.installation().agents().stream()
        .flatMap(agents -> agents.socketOnNode().stream())
        .findFirst();
  }

  /** The socket's name in its directory. */
  String socketFile(TestPodOptions options, Map<String, String> environment) {
    return options
        .socketFile(environment)
        .or(
            () ->
                home.installation().agents().stream()
                    .flatMap(agents -> agents.socketInContainer().stream())
                    .findFirst()
                    .map(path -> path.substring(path.lastIndexOf('/') + 1)))
        .orElse("api.sock");
  }

  /** That of the tests. */
  String trustDomain() {
    return cluster.evidence().wanted().trustDomain().or(home::trustDomain).orElse("example.org");
  }
}
