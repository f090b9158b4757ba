package org.spiredoctor.diagnosis;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.CsiDriver;
import org.spiredoctor.evidence.cluster.Installation;
import org.spiredoctor.evidence.cluster.Workloads;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/**
 * Which of several SPIREs a pod gets its identity from: the one whose agent's socket it has. What
 * only calls itself SPIRE has pods where nothing else has, and takes none away from SPIRE.
 */
final class PodInstallations {
  private final boolean named;
  private final List<Installation> installations;
  private final List<Installation> others;
  private final Map<String, Map<String, List<CsiDriver>>> drivers;
  private final Map<String, Installation> parts = new HashMap<>();

  PodInstallations(ClusterEvidence evidence) {
    this.named = evidence.spireNamespace().isPresent();
    this.installations =
        Stream.concat(
                evidence.installations().stream(),
                evidence.leftOut().stream().filter(Installation::isCorroborated))
            .toList();
    this.others =
        Stream.concat(
                evidence.leftOut().stream().filter(one -> !one.isCorroborated()),
                evidence.lookAlikes().stream())
            .toList();
    this.drivers =
        installations.size() == 1 && others.isEmpty()
            ? Map.of()
            : CsiDriver.of(evidence.pods().seen().orElse(List.of())).stream()
                .filter(driver -> driver.pod().phase().equals("Running"))
                .collect(
                    Collectors.groupingBy(
                        CsiDriver::name, Collectors.groupingBy(driver -> driver.pod().node())));
    Stream.concat(others.stream(), installations.stream())
        .forEach(
            one ->
                one.components()
                    .flatMap(component -> component.pods().stream())
                    .forEach(pod -> parts.put(pod.inWords(), one)));
  }

  /** Absent when neither the pod nor its node tells. */
  Optional<Installation> of(Pod pod) {
    if (installations.size() == 1 && others.isEmpty()) {
      return Optional.of(installations.getFirst());
    }
    return bySocket(installations, pod)
        .or(() -> bySocket(others, pod))
        // A part of SPIRE that is no workload of another.
        .or(() -> Optional.ofNullable(parts.get(pod.inWords())))
        .or(
            () ->
                installations.size() == 1
                    ? Optional.of(installations.getFirst())
                    : only(installations, pod, PodInstallations::onNode));
  }

  /** Whether a pod is of a SPIRE that was not asked about. */
  boolean isElsewhere(Pod pod) {
    return named && of(pod).isPresent();
  }

  private Optional<Installation> bySocket(List<Installation> among, Pod pod) {
    return only(among, pod, PodInstallations::isAddressed)
        .or(() -> only(among, pod, this::isPointedTo))
        .or(() -> only(among, pod, this::hasSocket));
  }

  private static Optional<Installation> only(
      List<Installation> among, Pod pod, BiPredicate<Pod, Component> holds) {
    List<Installation> found =
        among.stream()
            .filter(one -> one.agents().stream().anyMatch(agents -> holds.test(pod, agents)))
            .toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  /** Whether a container is told to go to this very socket. */
  private static boolean isAddressed(Pod pod, Component agents) {
    Path socket = agents.on(pod.node()).socketOnNode().map(AgentSockets::normal).orElse(null);
    return socket != null
        && pod.containers().stream()
            .anyMatch(
                container ->
                    AgentSockets.address(container)
                        .flatMap(AgentSockets::path)
                        .filter(path -> leads(pod, container, path, socket))
                        .isPresent());
  }

  private static boolean leads(Pod pod, Container container, Path address, Path socket) {
    return container.mounts().stream()
        .anyMatch(
            mount ->
                pod.volume(mount.volume()).stream()
                    .filter(Volume.HostPath.class::isInstance)
                    .flatMap(v -> AgentSockets.inContainer(v, mount, socket).stream())
                    .anyMatch(address.normalize()::equals));
  }

  /** Whether a container is told to go into a volume with their socket, whatever its name there. */
  private boolean isPointedTo(Pod pod, Component agents) {
    return pod.volumes().stream()
        .anyMatch(
            volume -> hasSocket(pod, volume, agents) && AgentSockets.isAddressed(pod, volume));
  }

  private boolean hasSocket(Pod pod, Component agents) {
    return pod.volumes().stream().anyMatch(volume -> hasSocket(pod, volume, agents));
  }

  private boolean hasSocket(Pod pod, Volume volume, Component agents) {
    return switch (volume) {
      case Volume.HostPath host ->
          agents
              .on(pod.node())
              .socketDirectory()
              .filter(directory -> leads(host, directory))
              .isPresent();
      case Volume.Csi csi -> drivers(csi, pod).anyMatch(driver -> brings(driver, agents));
      case Volume.ConfigMap _, Volume.Tokens _, Volume.Claim _, Volume.Other _ -> false;
    };
  }

  /** Of its name, on the pod's node; where none is there, those of other nodes show whose it is. */
  private Stream<CsiDriver> drivers(Volume.Csi volume, Pod pod) {
    Map<String, List<CsiDriver>> named = drivers.getOrDefault(volume.driver(), Map.of());
    List<CsiDriver> here = named.get(pod.node());
    return here == null ? named.values().stream().flatMap(List::stream) : here.stream();
  }

  /**
   * Whether a driver puts these agents' socket into pods: anybody can make a pod that says so, but
   * not in their namespace, and not one that mounts on its node.
   */
  private static boolean brings(CsiDriver driver, Component agents) {
    boolean beside = driver.pod().meta().namespace().equals(agents.namespace());
    return (beside && driver.serves(agents))
        || ((beside || driver.mountsOnNode())
            && driver
                .directory()
                .map(AgentSockets::normal)
                .filter(
                    d ->
                        agents
                            .on(driver.pod().node())
                            .socketDirectory()
                            .map(AgentSockets::normal)
                            .equals(Optional.of(d)))
                .isPresent());
  }

  private static boolean leads(Volume.HostPath host, String directory) {
    return AgentSockets.normal(directory).startsWith(AgentSockets.normal(host.path()))
        || AgentSockets.normal(host.path()).startsWith(AgentSockets.normal(directory));
  }

  private static boolean onNode(Pod pod, Component agents) {
    return !pod.node().isEmpty()
        && agents.pods().stream().anyMatch(agent -> agent.node().equals(pod.node()))
        && pod.volumes().stream().noneMatch(volume -> leadsElsewhere(pod, volume, agents));
  }

  /** Whether a volume is of a directory for a socket, and not of the one in which these have it. */
  private static boolean leadsElsewhere(Pod pod, Volume volume, Component agents) {
    return volume instanceof Volume.HostPath host
        && (Workloads.leadsToSocket(volume, Set.of()) || AgentSockets.isAddressed(pod, volume))
        && agents.tellsSocket()
        && agents
            .on(pod.node())
            .socketDirectory()
            .filter(directory -> !leads(host, directory))
            .isPresent();
  }

  /** What would have to be known to judge a pod that none of those examined is the SPIRE of. */
  String missing(Pod pod) {
    Installation other = of(pod).orElse(null);
    if (other != null) {
      return "the SPIRE of the pod "
          + pod.inWords()
          + ", "
          + other.inWords()
          + (named
              ? ", which is not in the namespace that was named"
              : ", which is left aside, since nothing shows that it is SPIRE: name its namespace"
                  + " with --spire-namespace if it is");
    }
    return "which SPIRE the pod "
        + pod.inWords()
        + " gets its identity from: there are several, and none of its volumes is known to lead to"
        + " the agents of one of them";
  }
}
