package org.spiredoctor.evidence.cluster;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Images;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;
import org.spiredoctor.kube.Volume;

/**
 * The servers or the agents of one SPIRE installation.
 *
 * @param owner what makes the pods; absent for bare pods
 * @param pods those that are not being deleted
 * @param container the name of the container that is SPIRE
 * @param corroboration what shows that it is a part of SPIRE, and does not only say so; absent when
 *     nothing does
 */
public record Component(
    Role role,
    String namespace,
    Optional<PodOwner> owner,
    List<Pod> pods,
    String container,
    SpireConfig config,
    Optional<String> corroboration) {

  /** Which program. */
  public enum Role {
    SERVER,
    AGENT;

    /** {@code spire-server}. */
    public String program() {
      return "spire-" + name().toLowerCase(Locale.ROOT);
    }

    /** The block of its configuration that holds its own settings. */
    String block() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The container that runs it, whatever it is called: by what it does. */
    public Optional<Container> container(Pod pod) {
      return pod.containers(Container.Role.APP).filter(c -> runs(pod, c)).findFirst();
    }

    /**
     * Whether a container runs it as a server or agent. SPIRE's images start {@code spire-agent
     * run} by themselves; with another command or sub-command, such as {@code spire-agent api
     * watch} of the quickstart's client, a container of the same image is a workload. One of an
     * image that merely has its name in its own may be either, see {@link #isPlain}.
     */
    public boolean runs(Pod pod, Container container) {
      List<String> words =
          Stream.concat(container.command().stream(), container.args().stream()).toList();
      if (!container.command().isEmpty()) {
        return isStarted(words);
      }
      String name = Images.name(container.image());
      return isRun(words, 0)
          && (Images.hold(container.image(), program())
              || (name.contains(program()) && hasConfigMap(pod, container)));
    }

    private static boolean hasConfigMap(Pod pod, Container container) {
      return container.mounts().stream()
          .flatMap(mount -> pod.volume(mount.volume()).stream())
          .anyMatch(Volume.ConfigMap.class::isInstance);
    }

    /** Whether a container that runs it is told by more than a name that many images may have. */
    boolean isPlain(Container container) {
      return !container.command().isEmpty() || Images.hold(container.image(), program());
    }

    private boolean isStarted(List<String> words) {
      for (int i = 0; i < words.size(); i++) {
        // What stands behind another program, such as tini, may also be what that one copies.
        boolean behind = i > 0 && (i + 1 == words.size() || !words.get(i + 1).equals("run"));
        if (isProgram(words.get(i)) && !behind && isRun(words, i + 1)) {
          return true;
        }
      }
      // Of a script.
      return words.stream().anyMatch(word -> word.contains(program() + " run"));
    }

    /** The sub-command may be missing: then it is that of the image, or only flags follow. */
    private static boolean isRun(List<String> words, int at) {
      return words.size() <= at || words.get(at).startsWith("-") || words.get(at).equals("run");
    }

    private boolean isProgram(String word) {
      return word.equals(program()) || word.endsWith("/" + program());
    }
  }

  /** The same, with what shows that it is a part of SPIRE. */
  Component corroborated(Optional<String> why) {
    return new Component(role, namespace, owner, pods, container, config, why);
  }

  /** Whether something shows that it is a part of SPIRE. */
  public boolean isCorroborated() {
    return corroboration.isPresent();
  }

  /**
   * The same as it is on one node: while it is rolled out, its pods differ. All of it where none is
   * there.
   */
  public Component on(String node) {
    List<Pod> there = pods.stream().filter(pod -> pod.node().equals(node)).toList();
    return there.isEmpty() || there.size() == pods.size() ? this : with(there);
  }

  /** The same with one of its pods only. */
  Component with(Pod pod) {
    return with(List.of(pod));
  }

  private Component with(List<Pod> some) {
    return new Component(role, namespace, owner, some, container, config, corroboration);
  }

  /** Whether it has no pod, and wants none. */
  boolean isIdle() {
    return pods.isEmpty() && owner.filter(its -> its.wanted() == 0).isPresent();
  }

  /** One pod, or else what it will be made of. */
  public Optional<Pod> specimen() {
    return pods.stream().findFirst().or(() -> owner.map(PodOwner::template));
  }

  /** Its SPIRE container. */
  public Optional<Container> spire() {
    return specimen().flatMap(role::container);
  }

  /** {@code DaemonSet spire-system/spire-agent}. */
  public String inWords() {
    return owner
        .map(o -> o.kind() + " " + o.meta().inWords())
        .orElseGet(() -> pods.isEmpty() ? namespace : "Pod " + pods.getFirst().inWords());
  }

  /** Where a path of its container lies on the node. */
  public Optional<String> onNode(String path) {
    return specimen().flatMap(pod -> spire().flatMap(c -> NodePaths.of(pod, c, path)));
  }

  /** The innermost mount of a pod's container that holds a path; absent for its own file system. */
  public Optional<Container.MountPoint> mount(Pod pod, String path) {
    return role.container(pod).flatMap(c -> NodePaths.mount(c, path));
  }

  /** The trust domain, as far as it is told. */
  public Optional<String> trustDomain() {
    return set("trustDomain", config.trustDomain());
  }

  /** Where agents expect their server: the name of a service, as a rule. */
  public Optional<String> serverAddress() {
    return set("serverAddress", config.value("agent", "server_address"));
  }

  /** The server's own socket in its container, where that is set. */
  public Optional<String> serverSocket() {
    return set("socketPath", config.serverSocket());
  }

  /** Whether it is known where its socket is, and not merely where it usually is. */
  public boolean tellsSocket() {
    return (config.known() && config.agentSocket().isPresent()) || flag("socketPath").isPresent();
  }

  /** Whether the path of its socket is set, and not left to the program. */
  public boolean setsSocket() {
    return config.has("agent", "socket_path") || flag("socketPath").isPresent();
  }

  /** The agents' socket as they see it. */
  public Optional<String> socketInContainer() {
    return set("socketPath", config.agentSocket());
  }

  /** The agents' socket on the node. */
  public Optional<String> socketOnNode() {
    return socketInContainer().flatMap(this::onNode);
  }

  /** Other names of the agents' socket on a node, which links of the agent there give it. */
  public Stream<String> socketLinks(String node) {
    return on(node).pods.stream()
        .filter(pod -> pod.node().equals(node))
        .flatMap(pod -> with(pod).socketOnNode().stream().flatMap(at -> SocketLinks.of(pod, at)));
  }

  /** The directory of the agents' socket on the node. */
  public Optional<String> socketDirectory() {
    return socketOnNode().map(path -> path.substring(0, Math.max(1, path.lastIndexOf('/'))));
  }

  /** A flag beats the configuration. */
  private Optional<String> set(String flag, Optional<String> configured) {
    return flag(flag).or(() -> configured);
  }

  private Optional<String> flag(String name) {
    return spire().flatMap(container -> container.flag(name));
  }

  /** The port at which agents look for the server. */
  public Optional<Integer> serverPort() {
    return set("serverPort", config.value("agent", "server_port")).flatMap(Component::number);
  }

  /** The port at which a server listens for agents. */
  public int bindPort() {
    return set("serverPort", config.value("server", "bind_port"))
        .flatMap(Component::number)
        .orElse(8081);
  }

  private static Optional<Integer> number(String text) {
    return text.matches("\\d{1,5}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }

  /** Of what tells components apart: there may be thousands of pods. */
  @Override
  public int hashCode() {
    return Objects.hash(role, namespace, owner.map(its -> its.meta().uid()), pods.size());
  }
}
