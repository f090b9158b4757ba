package org.spiredoctor.evidence.cluster;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/** The pods that are examined, and what leads them to an agent's socket. */
public final class Workloads {
  /** SPIRE in SPIRE has a second one, {@code upstream.csi.spiffe.io}. */
  private static final String CSI_DRIVER = "csi.spiffe.io";

  /** The variables by which programs are told the address of the Workload API. */
  public static final List<String> VARIABLES =
      List.of("SPIFFE_ENDPOINT_SOCKET", "SPIRE_AGENT_SOCKET");

  /** An agent's socket, by its usual names. */
  private static final Pattern SOCKET =
      Pattern.compile("(?:unix:|/)[^\\s\"']{0,200}spi(?:re|ffe)[^\\s\"']{0,200}\\.sock");

  private Workloads() {}

  /** The pods that the user asked about. */
  public static List<Pod> asked(ClusterEvidence evidence) {
    List<Pod> all = evidence.pods().seen().orElse(List.of());
    List<Pod> meant =
        evidence.query().pods() instanceof ClusterQuery.Pods.Named
            ? all.stream().filter(meant(evidence.query())).toList()
            : withoutReplaced(all, meant(evidence.query()));
    if (!(evidence.query().pods() instanceof ClusterQuery.Pods.WithSocket)) {
      return meant;
    }
    Set<String> directories = socketDirectories(evidence);
    return meant.stream()
        .filter(pod -> !evidence.isSpire(pod))
        .filter(pod -> !pod.phase().equals("Succeeded") && !pod.meta().deleting())
        .filter(pod -> wantsSocket(pod, directories))
        .toList();
  }

  /** Those that ended and in whose place another is: evicted, for one. */
  private static List<Pod> withoutReplaced(List<Pod> all, Predicate<Pod> meant) {
    Set<String> kept =
        all.stream()
            .filter(pod -> !pod.over() && !pod.meta().deleting())
            .flatMap(pod -> pod.keeper().stream())
            .collect(Collectors.toSet());
    return all.stream()
        .filter(meant)
        .filter(pod -> !pod.over() || pod.keeper().filter(kept::contains).isEmpty())
        .toList();
  }

  /**
   * The nodes of the pods that are asked about and have not ended, whether these want a socket or
   * not; none where all pods are.
   */
  static Set<String> nodes(List<Pod> pods, ClusterQuery query) {
    return query.pods().equals(new ClusterQuery.Pods.WithSocket(Optional.empty()))
        ? Set.of()
        : pods.stream()
            .filter(meant(query))
            .filter(pod -> !pod.over() && !pod.meta().deleting())
            .map(Pod::node)
            .filter(node -> !node.isEmpty())
            .collect(Collectors.toSet());
  }

  private static Predicate<Pod> meant(ClusterQuery query) {
    Predicate<Pod> there = pod -> in(query.pods().namespace(), pod);
    return switch (query.pods()) {
      case ClusterQuery.Pods.Named named ->
          there.and(pod -> pod.meta().name().equals(named.name()));
      case ClusterQuery.Pods.OwnedBy owner -> there.and(owner::owns);
      case ClusterQuery.Pods.Labelled labelled ->
          there.and(LabelSelector.parse(labelled.selector()));
      case ClusterQuery.Pods.WithSocket _ -> there;
    };
  }

  private static boolean in(Optional<String> namespace, Pod pod) {
    return namespace.isEmpty() || namespace.get().equals(pod.meta().namespace());
  }

  /** The directories of the nodes in which agents have their sockets. */
  public static Set<String> socketDirectories(ClusterEvidence evidence) {
    Set<String> directories = new HashSet<>();
    for (Component agents : evidence.agents()) {
      agents.socketDirectory().ifPresent(directories::add);
      agents.pods().forEach(pod -> agents.with(pod).socketDirectory().ifPresent(directories::add));
    }
    return directories;
  }

  /** Whether a pod has an agent's socket, or says that it wants it. */
  private static boolean wantsSocket(Pod pod, Set<String> directories) {
    return pod.volumes().stream().anyMatch(volume -> leadsToSocket(volume, directories))
        || pod.containers().stream().anyMatch(container -> namesSocket(container, directories));
  }

  /** Whether a container is told of an agent's socket: by a variable, or by its command line. */
  static boolean namesSocket(Container container, Set<String> directories) {
    return VARIABLES.stream()
            .anyMatch(
                name -> container.env().containsKey(name) || container.unseenEnv().contains(name))
        || container
            .words()
            .anyMatch(
                word ->
                    SOCKET.matcher(word).find()
                        || directories.stream().anyMatch(d -> word.contains(d + "/")));
  }

  /** Whether a volume leads to an agent's socket, or tries to. */
  public static boolean leadsToSocket(Volume volume, Set<String> directories) {
    return switch (volume) {
      case Volume.Csi csi -> csi.driver().endsWith(CSI_DRIVER);
      case Volume.HostPath host ->
          directories.stream().anyMatch(d -> within(host.path(), d) || within(d, host.path()))
              || host.path().contains("spire")
              || host.path().contains("spiffe");
      case Volume.ConfigMap _, Volume.Tokens _, Volume.Claim _, Volume.Other _ -> false;
    };
  }

  private static boolean within(String path, String directory) {
    return path.equals(directory) || (directory.length() > 1 && path.startsWith(directory + "/"));
  }

  /** The containers of a pod that can see a socket volume; all, when none can. */
  public static List<Container> callers(Pod pod, Set<String> directories) {
    List<Container> callers =
        pod.containers().stream()
            .filter(
                container ->
                    container.mounts().stream()
                        .anyMatch(
                            mount ->
                                pod.volume(mount.volume())
                                    .filter(v -> leadsToSocket(v, directories))
                                    .isPresent()))
            .toList();
    return callers.isEmpty() ? pod.containers(Container.Role.APP).toList() : callers;
  }

  /** Whether a container's log may say what it fails at. */
  public static boolean mayTell(Container container) {
    // It keeps trying, and does not end.
    return hasFailed(container)
        || (container.name().equals("istio-proxy")
            && container.status().filter(status -> !status.ready()).isPresent());
  }

  /** Whether a container ended badly, now or before. */
  private static boolean hasFailed(Container container) {
    return container
        .status()
        .filter(
            status ->
                status.state().failed()
                    || status.before().filter(Container.State::failed).isPresent())
        .isPresent();
  }
}
