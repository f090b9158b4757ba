package org.spiredoctor.evidence.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Owner;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

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

  /** Where a directory of its container lies on the node. */
  public Optional<String> onNode(String path) {
    return specimen().stream()
        .flatMap(pod -> spire().stream().flatMap(c -> places(pod, c, Path.of(path))))
        .findFirst();
  }

  private static Stream<String> places(Pod pod, Container container, Path path) {
    return container.mounts().stream()
        .filter(mount -> path.startsWith(mount.path()))
        .sorted((a, b) -> b.path().length() - a.path().length())
        .flatMap(
            mount ->
                pod.volume(mount.volume()).stream()
                    .filter(Volume.HostPath.class::isInstance)
                    .map(Volume.HostPath.class::cast)
                    .map(
                        host ->
                            Path.of(host.path())
                                .resolve(mount.subPath())
                                .resolve(Path.of(mount.path()).relativize(path))
                                .normalize()
                                .toString()));
  }

  /** Whether it is known where its socket is, and not merely where it usually is. */
  public boolean tellsSocket() {
    return !config.equals(SpireConfig.NONE) || spire().flatMap(Component::socketFlag).isPresent();
  }

  /** Whether the path of its socket is set, and not left to the program. */
  public boolean setsSocket() {
    return config.value("socket_path").isPresent()
        || spire().flatMap(Component::socketFlag).isPresent();
  }

  /** The agents' socket as they see it. */
  public String socketInContainer() {
    return spire().flatMap(Component::socketFlag).orElse(config.socketPath());
  }

  /** The agents' socket on the node. */
  public Optional<String> socketOnNode() {
    return onNode(socketInContainer());
  }

  /** A flag beats the configuration. */
  private static Optional<String> socketFlag(Container container) {
    return flag(container, "-socketPath");
  }

  private static Optional<String> flag(Container container, String name) {
    int at = container.args().indexOf(name) + 1;
    return at > 0 && at < container.args().size()
        ? Optional.of(container.args().get(at))
        : Optional.empty();
  }

  /** The name or address at which agents look for the server. */
  public Optional<String> serverHost() {
    return spire().flatMap(c -> flag(c, "-serverAddress")).or(() -> config.value("server_address"));
  }

  /** The port at which agents look for the server. */
  public Optional<Integer> serverPort() {
    return spire().flatMap(c -> flag(c, "-serverPort")).isPresent()
        ? Optional.empty()
        : config.port("server_port");
  }
}
