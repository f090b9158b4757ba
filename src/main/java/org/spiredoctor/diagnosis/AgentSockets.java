package org.spiredoctor.diagnosis;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.evidence.Address;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.CsiDriver;
import org.spiredoctor.evidence.cluster.Workloads;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;
import org.spiredoctor.pod.AnyPath;
import org.spiredoctor.spire.Endpoint;

/** Where agents' sockets are on the nodes, and where volumes put them in containers. */
public final class AgentSockets {
  private AgentSockets() {}

  /**
   * The agents' sockets on a pod's node, or on all when it is not known which serve it; those of
   * all SPIREs, where it is not known which is the pod's. Their own paths come first, then links to
   * them.
   */
  public static List<Path> on(ClusterCase cluster, Pod pod) {
    return cluster.agentSockets(pod);
  }

  static List<Path> find(ClusterCase cluster, Pod pod) {
    List<Component> there =
        agentsFor(cluster, pod).stream()
            .map(agents -> agents.on(pod.node()))
            .filter(Component::tellsSocket)
            .toList();
    return Stream.concat(
            there.stream().flatMap(one -> one.socketOnNode().stream()),
            there.stream().flatMap(one -> links(cluster, pod, one)))
        .map(AgentSockets::normal)
        .distinct()
        .toList();
  }

  /**
   * The agents' sockets that SPIRE's CSI driver on a pod's node hands out of a volume of its own
   * pod, as Istio's sample has it: paths in the agent's container. None where another container can
   * give them other names there.
   */
  public static List<Path> inDriversPod(ClusterCase cluster, Pod pod) {
    return cluster.csiDrivers().on(pod.node()).stream()
        .filter(cluster.csiDrivers()::isCorroborated)
        .filter(AgentSockets::isOfAgentAlone)
        .flatMap(
            driver ->
                agentsFor(cluster, pod).stream()
                    .map(agents -> agents.on(pod.node()))
                    .filter(driver::sharesVolume)
                    .flatMap(agents -> agents.socketInContainer().stream()))
        .map(AnyPath::of)
        .distinct()
        .toList();
  }

  private static boolean isOfAgentAlone(CsiDriver driver) {
    return driver.pod().containers().stream()
            .filter(
                container ->
                    container.mounts().stream()
                        .anyMatch(mount -> driver.volume().equals(Optional.of(mount.volume()))))
            .count()
        < 3;
  }

  private static Stream<String> links(ClusterCase cluster, Pod pod, Component agents) {
    return Stream.concat(
        agents.socketLinks(pod.node()),
        cluster.csiDrivers().on(pod.node()).stream()
            .filter(cluster.csiDrivers()::isCorroborated)
            .flatMap(driver -> driver.socketLinks(agents)));
  }

  private static List<Component> agentsFor(ClusterCase cluster, Pod pod) {
    List<Component> all =
        cluster
            .home(pod)
            .map(home -> home.installation().agents())
            .orElse(cluster.evidence().agents());
    List<Component> there =
        all.stream()
            .filter(c -> c.pods().stream().anyMatch(agent -> agent.node().equals(pod.node())))
            .toList();
    return there.isEmpty() ? all : there;
  }

  /** Whether the pod might belong to a SPIRE whose agents' socket is not known. */
  public static boolean mayBeOfUnknown(ClusterCase cluster, Pod pod) {
    return cluster.home(pod).isEmpty()
        && cluster.installations().stream()
            .map(home -> home.installation().agents())
            .anyMatch(its -> its.isEmpty() || !its.stream().allMatch(Component::tellsSocket));
  }

  /** Two names of the same directory on every Linux are made one. */
  public static Path normal(String path) {
    Path normal = AnyPath.of(path).normalize();
    Path old = Path.of("/var/run");
    return normal.startsWith(old) ? Path.of("/run").resolve(old.relativize(normal)) : normal;
  }

  /**
   * The directory of the socket of a pod's agents, as their manifest writes it; only of those that
   * are known to be SPIRE's and the pod's, since it is put into remedies.
   */
  public static Optional<String> directory(ClusterCase cluster, Pod pod) {
    return cluster.home(pod).stream()
        .flatMap(home -> home.installation().agents().stream())
        .filter(Component::isCorroborated)
        .flatMap(agents -> agents.on(pod.node()).socketDirectory().stream())
        .sorted()
        .findFirst();
  }

  /** Whether the cluster has the SPIFFE CSI driver for workloads. */
  public static boolean hasCsiDriver(ClusterCase cluster) {
    return cluster.evidence().snapshot().objects(Kind.CSI_DRIVER).seen().orElse(List.of()).stream()
        .anyMatch(driver -> driver.at("/metadata/name").asText().equals("csi.spiffe.io"));
  }

  /** Whether a CSI driver is SPIFFE's: SPIRE in SPIRE has a second one with a prefix. */
  public static boolean isSpiffe(String driver) {
    return driver.endsWith("csi.spiffe.io");
  }

  /** Where a mount of a volume puts a socket of the node in the container. */
  public static Optional<Path> inContainer(
      Volume volume, Container.MountPoint mount, Path socketOnNode) {
    Path at = AnyPath.of(mount.path());
    return switch (volume) {
      case Volume.HostPath host -> {
        Path from = normal(host.path()).resolve(AnyPath.of(mount.subPath())).normalize();
        yield socketOnNode.startsWith(from)
            ? Optional.of(at.resolve(from.relativize(socketOnNode)).normalize())
            : Optional.empty();
      }
      // The driver brings the directory of the socket.
      case Volume.Csi csi when isSpiffe(csi.driver()) -> {
        Path name = AnyPath.name(socketOnNode);
        yield mount.subPath().isEmpty()
            ? Optional.of(at.resolve(name))
            : AnyPath.of(mount.subPath()).equals(name) ? Optional.of(at) : Optional.empty();
      }
      case Volume.Csi _, Volume.ConfigMap _, Volume.Tokens _, Volume.Claim _, Volume.Other _ ->
          Optional.empty();
    };
  }

  /** The address that a container is given; none when a variable of the kubelet is in it. */
  public static Optional<Address> address(Container container) {
    return Stream.of("SPIFFE_ENDPOINT_SOCKET", "SPIRE_AGENT_SOCKET")
        .filter(container.env()::containsKey)
        .findFirst()
        .filter(name -> !container.env().getOrDefault(name, "").contains("$("))
        .map(
            name -> {
              String value = container.env().getOrDefault(name, "");
              return name.equals("SPIFFE_ENDPOINT_SOCKET")
                  ? Address.strict(value, Address.Origin.VARIABLE, name)
                  : Address.lenient(value, Address.Origin.VARIABLE, name);
            });
  }

  /** The address by which a container reaches a SPIRE's agents, where it has their hostPath. */
  public static Optional<String> address(InstallationCase spire, Pod pod, Container container) {
    return spire.installation().agents().stream()
        .flatMap(agents -> agents.on(pod.node()).socketOnNode().stream())
        .map(AgentSockets::normal)
        .flatMap(socket -> inContainer(pod, container, socket))
        .map(path -> "unix://" + path)
        .findFirst();
  }

  private static Stream<Path> inContainer(Pod pod, Container container, Path socket) {
    return container.mounts().stream()
        .flatMap(
            mount ->
                pod.volume(mount.volume()).stream()
                    .filter(Volume.HostPath.class::isInstance)
                    .flatMap(volume -> inContainer(volume, mount, socket).stream()));
  }

  /** The path of a Unix socket's address. */
  public static Optional<Path> path(Address address) {
    return address.endpoint().orElse(null) instanceof Endpoint.Unix(Path path)
        ? Optional.of(path)
        : Optional.empty();
  }

  /** Whether some container reaches its agent over TCP, so that no volume is needed. */
  public static boolean usesTcp(Pod pod) {
    return pod.containers().stream()
        .flatMap(container -> address(container).stream())
        .anyMatch(address -> address.endpoint().isPresent() && path(address).isEmpty());
  }

  /** The volumes that lead to an agent's socket, try to, or lie where the address points. */
  public static List<Volume> volumes(ClusterCase cluster, Pod pod) {
    return pod.volumes().stream()
        .filter(
            volume ->
                Workloads.leadsToSocket(volume, cluster.socketDirectories())
                    || (volume instanceof Volume.HostPath && isAddressed(pod, volume)))
        .toList();
  }

  /** Whether a container's address points into a volume. */
  public static boolean isAddressed(Pod pod, Volume volume) {
    return pod.containers().stream()
        .anyMatch(
            container ->
                address(container)
                    .flatMap(AgentSockets::path)
                    .filter(
                        path ->
                            container.mounts().stream()
                                .filter(mount -> mount.volume().equals(volume.name()))
                                .anyMatch(mount -> path.startsWith(AnyPath.of(mount.path()))))
                    .isPresent());
  }
}
