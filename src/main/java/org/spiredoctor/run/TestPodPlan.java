package org.spiredoctor.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.InstallationChoice;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.CsiDriver;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Node;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.SocketDirectory;

/**
 * What a test pod finds in a cluster: agents, nodes, and the way to the socket.
 *
 * @param home the SPIRE of the tests
 */
record TestPodPlan(ClusterCase cluster, InstallationCase home) {
  private static final String CSI_DRIVER = "csi.spiffe.io";
  private static final String SOCKET_DIRECTORY = "/tmp/spire-agent/public";

  /** More names than these make no sense in a manifest. */
  private static final int MOST_NODES = 50;

  /**
   * Looks.
   *
   * @throws UsageException when there are several SPIREs, and it is not said which
   */
  static TestPodPlan of(ClusterCase cluster) throws UsageException {
    InstallationChoice choice = InstallationChoice.of(cluster);
    return new TestPodPlan(
        cluster, choice.only().orElseThrow(() -> new UsageException(choice.question())));
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

  /** What the pod gets the socket by; absent when {@link #refusal} says why. */
  Optional<SocketVolume> volume(TestPodRequest request) {
    if (refusal(request).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        csi(request)
            ? new SocketVolume.Csi(driver().orElse(CSI_DRIVER))
            : new SocketVolume.HostPath(directory(request).orElse(SOCKET_DIRECTORY)));
  }

  /**
   * Why no pod is given a directory of the node: it comes from the user's own words, or from agents
   * that are known to be SPIRE's and that serve now.
   */
  Optional<String> refusal(TestPodRequest request) {
    if (csi(request)) {
      return Optional.empty();
    }
    Optional<String> directory = directory(request);
    if (directory.isPresent()) {
      return SocketDirectory.refusal(directory.get())
          .map(why -> "The directory " + directory.get() + " is not mounted into a pod: " + why);
    }
    List<Component> agents = home.installation().agents();
    String where = request.node().map(node -> " on node " + node).orElse("");
    if (unseen().isPresent() || agents.isEmpty()) {
      return Optional.empty();
    }
    if (agents.stream().noneMatch(Component::isCorroborated)) {
      return Optional.of(
          "Nothing shows that "
              + agents.getFirst().inWords()
              + " is SPIRE, so its socket is given to no pod: name its namespace with"
              + " --spire-namespace, or the directory with --socket-dir");
    }
    return serving(request.node()).isEmpty()
        ? Optional.of("No SPIRE Agent is ready" + where + ": --socket-dir goes on without")
        // Its socket is in a volume of its own, or its configuration was not seen.
        : Optional.empty();
  }

  private Optional<String> directory(TestPodRequest request) {
    return request
        .socketDir()
        .or(
            () ->
                serving(request.node()).stream()
                    .flatMap(agents -> agents.socketDirectory().stream())
                    .findFirst());
  }

  private boolean csi(TestPodRequest request) {
    return switch (request.volume()) {
      case auto -> driver().isPresent() && request.socketDir().isEmpty();
      case csi -> true;
      case hostpath -> false;
    };
  }

  /** Of those that hand out the socket of SPIRE's agents, and that Kubernetes knows. */
  private Optional<String> driver() {
    Observed<List<JsonNode>> known = cluster.evidence().snapshot().objects(Kind.CSI_DRIVER);
    return CsiDriver.of(cluster.evidence().pods().seen().orElse(List.of())).stream()
        .filter(one -> agents().anyMatch(one::serves))
        .map(CsiDriver::name)
        .filter(AgentSockets::isSpiffe)
        .filter(
            name ->
                known.seen().isEmpty()
                    || cluster.evidence().snapshot().named(Kind.CSI_DRIVER, name))
        .min(Comparator.comparing((String name) -> !name.equals(CSI_DRIVER)));
  }

  private Stream<Component> agents() {
    return home.installation().agents().stream().filter(Component::isCorroborated);
  }

  /** SPIRE's agents that are ready, on a node if one is named. */
  private List<Component> serving(Optional<String> node) {
    return agents()
        .filter(
            agents ->
                agents.pods().stream()
                    .filter(pod -> node.isEmpty() || node.get().equals(pod.node()))
                    .anyMatch(pod -> pod.ready() && pod.phase().equals("Running")))
        .toList();
  }

  /** The socket's name in its directory. */
  String socketFile(TestPodRequest request) {
    return request
        .socketFile()
        .or(
            () ->
                serving(request.node()).stream()
                    .flatMap(agents -> agents.socketInContainer().stream())
                    .findFirst()
                    .map(path -> path.substring(path.lastIndexOf('/') + 1)))
        .orElse("api.sock");
  }

  /** That of the tests. */
  String trustDomain() {
    return cluster.evidence().query().trustDomain().or(home::trustDomain).orElse("example.org");
  }
}
