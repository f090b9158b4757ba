package org.spiredoctor.evidence.cluster;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Images;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;
import org.spiredoctor.pod.AnyPath;

/**
 * A SPIFFE CSI driver on a node: it puts the directory of an agent's socket into pods.
 *
 * @param name by which volumes ask for it
 * @param pod that runs it
 * @param container of the pod that does
 */
public record CsiDriver(String name, Pod pod, Container container) {
  /** A flag of it. */
  private static final String DIRECTORY = "workload-api-socket-dir";

  private static final String USUAL_NAME = "csi.spiffe.io";
  private static final Pattern PLUGINS = Pattern.compile("/plugins(_registry)?(/|$)");

  /** Those of a cluster. */
  public static List<CsiDriver> of(List<Pod> pods) {
    return pods.stream().flatMap(pod -> of(pod).stream()).toList();
  }

  /** Whether a container is one: by its image, or by what it is given, at the kubelet's side. */
  static boolean runs(Pod pod, Container container) {
    return Images.hold(container.image(), "spiffe-csi-driver")
        || (container.flag(DIRECTORY).isPresent() && isBesideKubelet(pod));
  }

  /** The directory of kubelets differs; that of their plugins does not. */
  private static boolean isBesideKubelet(Pod pod) {
    return pod.volumes().stream()
        .anyMatch(v -> v instanceof Volume.HostPath host && PLUGINS.matcher(host.path()).find());
  }

  private static Optional<CsiDriver> of(Pod pod) {
    return pod.containers(Container.Role.APP)
        .filter(c -> runs(pod, c))
        .findFirst()
        .map(c -> new CsiDriver(c.flag("plugin-name").orElse(USUAL_NAME), pod, c));
  }

  /** {@code csi.spiffe.io in namespace spire-system hands out /run/spire/agent-sockets}. */
  public String inWords() {
    return name
        + " in namespace "
        + pod.meta().namespace()
        + " hands out "
        + directory().orElse("a directory that is none of the node's");
  }

  /** Whether its name is that of a variable, and so not known. */
  public boolean isUnnamed() {
    return name.contains("$(");
  }

  /**
   * Whether it runs and can mount on its node, as a driver must: whoever may make such a pod has
   * the node as it is.
   */
  public boolean mountsOnNode() {
    return container.status().map(Container.Status::state).flatMap(s -> s.started()).isPresent()
        && container.mounts().stream().anyMatch(Container.MountPoint::bidirectional)
        && isBesideKubelet(pod);
  }

  /** The directory of the node that it hands out; absent when it is none of the node's. */
  public Optional<String> directory() {
    return container.flag(DIRECTORY).flatMap(d -> NodePaths.of(pod, container, d));
  }

  /** Whether what it hands out is an emptyDir, which is its own pod's and ends with that. */
  public boolean keepsDirectory() {
    return handedOut()
        .filter(v -> v instanceof Volume.Other other && other.kind().equals("emptyDir"))
        .isPresent();
  }

  /** The name of the volume that it hands out. */
  public Optional<String> volume() {
    return handedOut().map(Volume::name);
  }

  private Optional<Volume> handedOut() {
    return container.flag(DIRECTORY).flatMap(d -> NodePaths.volume(pod, container, d));
  }

  /** Whether that is all of a volume, so that another volume changes nothing else. */
  public boolean handsOutVolume() {
    return container
        .flag(DIRECTORY)
        .flatMap(
            d ->
                NodePaths.mount(container, d)
                    .filter(mount -> mount.subPath().isEmpty())
                    .filter(mount -> AnyPath.of(mount.path()).equals(AnyPath.of(d))))
        .isPresent();
  }

  /** Other names that it gives the socket of agents, where it hands that out. */
  public Stream<String> socketLinks(Component agents) {
    return serves(agents)
        ? agents.on(pod.node()).socketOnNode().stream()
            .flatMap(socket -> SocketLinks.of(pod, socket))
        : Stream.empty();
  }

  /**
   * Whether it hands out the directory in which these agents have their socket: anybody can make a
   * pod that says so, but not in their namespace.
   */
  public boolean serves(Component agents) {
    return sharesVolume(agents)
        || (agents.namespace().equals(pod.meta().namespace())
            && directory().isPresent()
            && directory().equals(agents.on(pod.node()).socketDirectory()));
  }

  /** Whether it and these agents are one pod, as in Istio's sample, and share the directory. */
  public boolean sharesVolume(Component agents) {
    return isPartOf(agents)
        && handedOut().isPresent()
        && handedOut()
            .equals(
                Component.Role.AGENT
                    .container(pod)
                    .flatMap(
                        agent ->
                            agents
                                .socketInContainer()
                                .flatMap(socket -> NodePaths.volume(pod, agent, socket))));
  }

  private boolean isPartOf(Component agents) {
    return Component.Role.AGENT.container(pod).isPresent()
        && agents.namespace().equals(pod.meta().namespace())
        && agents
            .owner()
            .map(owner -> pod.meta().isOwnedBy(owner.meta().uid()))
            .orElseGet(
                () ->
                    agents.pods().stream().anyMatch(p -> p.meta().uid().equals(pod.meta().uid())));
  }
}
