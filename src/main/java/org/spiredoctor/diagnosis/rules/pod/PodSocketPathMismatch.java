package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.rules.agent.AgentSocketNotShared;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.SocketPath;

/** The socket is in the pod, at another place than the address says. */
@AutoService(Rule.class)
public final class PodSocketPathMismatch implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    SocketPath socket = evidence.socket().orElse(null);
    if (socket == null || socket.kind() != FileKind.MISSING || !evidence.environment().inPod()) {
      return new Outcome.NotApplicable("not a pod, or there is something at the path");
    }
    if (evidence.mount().filter(mount -> !mount.isRoot()).isPresent()) {
      return new Outcome.NotApplicable("a volume leads to where the address points");
    }
    List<Path> elsewhere =
        evidence.environment().sockets().stream()
            .filter(path -> !path.startsWith(directory(socket.resolved())))
            .filter(PodSocketPathMismatch::mayBeAnAgents)
            .toList();
    if (elsewhere.isEmpty()) {
      return new Outcome.NotApplicable("no other volume holds a socket");
    }
    Finding.Builder finding =
        Finding.error(this, evidence)
            .confidence(Confidence.LIKELY)
            .seen(evidence.query().address().source(), evidence.query().address().text());
    elsewhere.forEach(path -> finding.seen("file system", path + " is a socket"));
    return finding
        .remedy(
            new Remedy.Patch(
                "Point to the socket that is there",
                Manifests.endpointVariable("unix://" + elsewhere.getFirst())))
        .found(
            "The address says "
                + socket.path()
                + ", but this pod's socket is "
                + elsewhere.getFirst());
  }

  /** By the names that SPIRE, its chart and common manifests use; a pod may have other sockets. */
  private static boolean mayBeAnAgents(Path path) {
    String text = path.toString();
    return text.contains("spire")
        || text.contains("spiffe")
        || path.endsWith("agent.sock")
        || path.endsWith("api.sock");
  }

  private static Path directory(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examineEach(
        cluster, pod -> !pod.over() && !AgentSockets.usesTcp(pod), group -> judge(cluster, group));
  }

  private Optional<Outcome> judge(ClusterCase cluster, PodGroup group) {
    Pod pod = group.first();
    List<Volume> volumes = AgentSockets.volumes(cluster, pod);
    if (volumes.isEmpty() || cluster.evidence().agents().isEmpty()) {
      return Optional.empty();
    }
    if (cluster.isElsewhere(pod)) {
      return Optional.of(new Outcome.Unknown(cluster.missing(pod)));
    }
    List<Path> sockets = AgentSockets.on(cluster, pod);
    if (sockets.isEmpty() && volumes.stream().allMatch(Volume.Csi.class::isInstance)) {
      return inContainers(cluster, group, volumes, AgentSockets.inDriversPod(cluster, pod));
    }
    if (sockets.isEmpty()
        && cluster.evidence().agents().stream().anyMatch(AgentSocketNotShared::keepsItsSocket)) {
      return Optional.empty();
    }
    if (sockets.isEmpty()) {
      return Optional.of(
          new Outcome.Unknown("the configuration of the agents, to know where their socket is"));
    }
    List<Volume> right = volumes.stream().filter(v -> leads(v, sockets)).toList();
    if (right.stream().allMatch(Volume.Csi.class::isInstance)
        && handsOutAnother(cluster, pod, sockets)) {
      return Optional.empty();
    }
    if (right.isEmpty() && AgentSockets.mayBeOfUnknown(cluster, pod)) {
      return Optional.of(
          new Outcome.Unknown(
              "which SPIRE the pod "
                  + pod.inWords()
                  + " belongs to: not of every SPIRE here it is known where its agents have their"
                  + " socket"));
    }
    return right.isEmpty()
        ? elsewhere(group, volumes, sockets, cluster.home(pod).isPresent())
        : inContainers(cluster, group, right, sockets);
  }

  /** The volumes have the socket; each address has to name it. */
  private Optional<Outcome> inContainers(
      ClusterCase cluster, PodGroup group, List<Volume> volumes, List<Path> sockets) {
    return group.first().containers().stream()
        .flatMap(c -> AddressAstray.in(this, cluster, group, c, volumes, sockets).stream())
        .findFirst();
  }

  /**
   * Then what is in the pod is not what is at the agents', and {@link CsiDirectoryMismatch} tells.
   */
  private static boolean handsOutAnother(ClusterCase cluster, Pod pod, List<Path> sockets) {
    return CsiVolumes.of(pod)
        .flatMap(volume -> CsiVolumes.driver(cluster, pod, volume).stream())
        .anyMatch(
            driver ->
                driver
                    .directory()
                    .map(AgentSockets::normal)
                    .map(handed -> sockets.stream().noneMatch(s -> handed.equals(s.getParent())))
                    .orElse(driver.keepsDirectory()));
  }

  private static boolean leads(Volume volume, List<Path> sockets) {
    return switch (volume) {
      case Volume.HostPath host ->
          sockets.stream().anyMatch(s -> s.startsWith(AgentSockets.normal(host.path())));
      case Volume.Csi csi -> AgentSockets.isSpiffe(csi.driver());
      case Volume.ConfigMap _, Volume.Tokens _, Volume.Claim _, Volume.Other _ -> false;
    };
  }

  /**
   * The volume is of a directory of the node in which no agent has its socket.
   *
   * @param told whether it is known which SPIRE the pod belongs to: the socket of another one would
   *     give it another one's identity
   */
  private Optional<Outcome> elsewhere(
      PodGroup group, List<Volume> volumes, List<Path> sockets, boolean told) {
    Pod pod = group.first();
    String directories =
        sockets.stream()
            .map(socket -> directory(socket).toString())
            .distinct()
            .sorted()
            .collect(Collectors.joining(" or "));
    return volumes.stream()
        .filter(Volume.HostPath.class::isInstance)
        .map(Volume.HostPath.class::cast)
        .filter(v -> pod.containers().stream().anyMatch(c -> mounts(c, v)))
        .findFirst()
        .map(
            volume ->
                group
                    .error(this)
                    // Only its name says that it is meant for the socket, unless the address does.
                    .confidence(
                        AgentSockets.isAddressed(pod, volume)
                            ? Confidence.CERTAIN
                            : Confidence.LIKELY)
                    .seen("volume " + volume.name(), "hostPath " + volume.path())
                    .seen("agent", "its socket on the node is in " + directories)
                    .remedy(
                        told
                            ? new Remedy.Patch(
                                "Mount the directory of the agent's socket",
                                Manifests.hostPathVolume(
                                    volume.name(), directory(sockets.getFirst()).toString()))
                            : new Remedy.Advice(
                                "Mount the directory of the agent's socket of the SPIRE that this"
                                    + " pod belongs to"))
                    .found(
                        "The pod mounts "
                            + volume.path()
                            + " of the node, but the agent's socket is in "
                            + directories));
  }

  private static boolean mounts(Container container, Volume volume) {
    return container.mounts().stream().anyMatch(mount -> mount.volume().equals(volume.name()));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(
        Effect.SOCKET_NOT_REACHED, Effect.SOCKET_DIRECTORY_ABSENT, Effect.HOST_PATH_ABSENT);
  }
}
