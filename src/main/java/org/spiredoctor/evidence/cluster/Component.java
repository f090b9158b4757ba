package org.spiredoctor.evidence.cluster;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Owner;
import org.spiredoctor.kube.Pod;

/**
 * The servers or the agents of one SPIRE installation.
 *
 * @param owner what makes the pods; absent for bare pods
 * @param pods those that are not being deleted
 * @param container the name of the container that is SPIRE
 */
public record Component(
    Role role,
    String namespace,
    Optional<Owner> owner,
    List<Pod> pods,
    String container,
    SpireConfig config) {

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

    /** The container that runs it, whatever it is called: by image, program, or configuration. */
    public Optional<Container> container(Pod pod) {
      return pod.containers(Container.Role.APP).filter(this::runs).findFirst();
    }

    private boolean runs(Container container) {
      String image = container.image();
      String name = image.substring(image.lastIndexOf('/') + 1);
      int end = name.indexOf('@') >= 0 ? name.indexOf('@') : name.indexOf(':');
      String repository = end < 0 ? name : name.substring(0, end);
      return repository.contains(program())
          || container.command().stream().limit(2).anyMatch(this::isProgram);
    }

    private boolean isProgram(String word) {
      return word.equals(program()) || word.endsWith("/" + program());
    }
  }

  /** One pod, or else what it will be made of. */
  public Optional<Pod> specimen() {
    return pods.stream().findFirst().or(() -> owner.map(Owner::template));
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
}
