package org.spiredoctor.diagnosis.rules.pod;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Address;
import org.spiredoctor.evidence.cluster.AddressFiles;
import org.spiredoctor.evidence.cluster.AddressFiles.FileAddress;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;
import org.spiredoctor.pod.AnyPath;

/** An address that points past the socket that its container has. */
final class AddressAstray {
  /** From the first slash of a run of such characters: each of many slashes is no beginning. */
  private static final Pattern SOCKET =
      Pattern.compile("(?<![\\w./-])[\\w.-]*+(/[\\w./-]+\\.sock)\\b");

  private AddressAstray() {}

  /** The socket is in the container, and its address says another path. */
  static Optional<Outcome> in(
      Rule rule,
      ClusterCase cluster,
      PodGroup group,
      Container container,
      List<Volume> volumes,
      List<Path> sockets) {
    Address address = AgentSockets.address(container).orElse(null);
    Path said = address == null ? null : AgentSockets.path(address).orElse(null);
    List<Path> there = there(container, volumes, sockets);
    if (address == null) {
      return inFile(rule, cluster, group, container, there)
          .or(() -> inWords(rule, group, container, there));
    }
    if (said == null
        || there.isEmpty()
        || isAmong(said, there)
        || SocketProof.has(cluster, group.first(), container, said)) {
      return Optional.empty();
    }
    // Whether the driver has this agent's directory is not seen.
    boolean csi = volumes.stream().allMatch(Volume.Csi.class::isInstance);
    String value = (address.text().startsWith("/") ? "" : "unix://") + there.getFirst();
    Finding.Builder finding =
        group
            .error(rule)
            .confidence(csi ? Confidence.LIKELY : Confidence.CERTAIN)
            .seen("container " + container.name(), address.source() + "=" + address.text());
    container
        .mounts()
        .forEach(
            mount ->
                volumes.stream()
                    .filter(v -> v.name().equals(mount.volume()))
                    .forEach(
                        v -> finding.seen("volume " + v.name(), "mounted at " + mount.path())));
    return Optional.of(
        finding
            .seen("agent", "its socket is " + sockets.getFirst())
            .remedy(
                new Remedy.Patch(
                    "Point to the socket that is there",
                    Manifests.variable(container, address.source(), value)))
            .found(
                "The address says "
                    + said
                    + ", but the agent's socket is at "
                    + there.getFirst()
                    + " in container "
                    + container.name()));
  }

  /** A file of a config map names another socket than the one that is there. */
  private static Optional<Outcome> inFile(
      Rule rule, ClusterCase cluster, PodGroup group, Container container, List<Path> there) {
    Pod pod = group.first();
    return there.isEmpty()
        ? Optional.empty()
        : astray(cluster, pod, container, there)
            .map(one -> tell(rule, group, container, one, there.getFirst()));
  }

  /**
   * A file may hold the settings of other containers too: one belongs to this container if it is in
   * its directory, or in that of no container of the pod.
   */
  private static Optional<FileAddress> astray(
      ClusterCase cluster, Pod pod, Container container, List<Path> there) {
    Map<Boolean, List<FileAddress>> right =
        AddressFiles.of(cluster.evidence(), pod, container).stream()
            .collect(Collectors.partitioningBy(one -> isAmong(AnyPath.of(one.path()), there)));
    boolean told = !right.getOrDefault(true, List.of()).isEmpty();
    return right.getOrDefault(false, List.of()).stream()
        .filter(
            one ->
                isBeside(AnyPath.of(one.path()), there)
                    ? one.isSure() || !told
                    : one.isSure() && !told && isOfNone(pod, one))
        .findFirst();
  }

  private static boolean isOfNone(Pod pod, FileAddress one) {
    return pod.containers().stream()
        .flatMap(container -> container.mounts().stream())
        .noneMatch(mount -> AnyPath.of(one.path()).startsWith(AnyPath.of(mount.path())));
  }

  private static Outcome tell(
      Rule rule, PodGroup group, Container container, FileAddress one, Path there) {
    return group
        .error(rule)
        .confidence(Confidence.LIKELY)
        .seen("container " + container.name(), one.inWords())
        .seen("agent", "its socket is at " + there + " in the container")
        .remedy(
            new Remedy.Advice(
                "Write "
                    + there
                    + " for "
                    + one.path()
                    + " in the config map "
                    + one.configMap()
                    + ", and replace the pods"))
        .found(
            "The config map "
                + one.configMap()
                + " says "
                + one.path()
                + ", but the agent's socket is at "
                + there
                + " in container "
                + container.name());
  }

  private static boolean isBeside(Path said, List<Path> there) {
    return there.stream().anyMatch(path -> said.startsWith(AnyPath.directory(path)));
  }

  /**
   * A command or an argument, such as a script that waits, names another file beside the socket.
   */
  private static Optional<Outcome> inWords(
      Rule rule, PodGroup group, Container container, List<Path> there) {
    return Stream.concat(container.command().stream(), container.args().stream())
        .flatMap(word -> SOCKET.matcher(word).results())
        .map(found -> AnyPath.of(found.group(1)))
        .filter(said -> isBeside(said, there))
        .filter(said -> !isAmong(said, there))
        .findFirst()
        .map(
            said ->
                group
                    .error(rule)
                    .confidence(Confidence.LIKELY)
                    .seen("command of container " + container.name(), said.toString())
                    .remedy(
                        new Remedy.Advice(
                            "Write "
                                + there.getFirst()
                                + " for "
                                + said
                                + " in the command of "
                                + container.role().inWords()
                                + " "
                                + container.name()))
                    .found(
                        "The command of "
                            + container.role().inWords()
                            + " "
                            + container.name()
                            + " speaks of "
                            + said
                            + ", but the agent's socket is at "
                            + there.getFirst()));
  }

  /** Where the volumes put the sockets in the container. */
  private static List<Path> there(Container container, List<Volume> volumes, List<Path> sockets) {
    return volumes.stream()
        .flatMap(
            volume ->
                container.mounts().stream()
                    .filter(mount -> mount.volume().equals(volume.name()))
                    .flatMap(
                        mount ->
                            sockets.stream()
                                .flatMap(s -> AgentSockets.inContainer(volume, mount, s).stream())))
        .distinct()
        .toList();
  }

  private static boolean isAmong(Path said, List<Path> there) {
    return there.stream()
        .anyMatch(
            p -> AgentSockets.normal(p.toString()).equals(AgentSockets.normal(said.toString())));
  }
}
