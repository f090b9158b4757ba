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
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.evidence.cluster.Workloads;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;
import org.spiredoctor.pod.AnyPath;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.SocketPath;

/** No volume of the pod leads to the socket. */
@AutoService(Rule.class)
public final class PodSocketNotMounted implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    SocketPath socket = evidence.socket().orElse(null);
    if (socket == null || socket.kind() != FileKind.MISSING || !evidence.environment().inPod()) {
      return new Outcome.NotApplicable("not a pod, or there is something at the path");
    }
    if (evidence.environment().mounts().isEmpty()) {
      return new Outcome.Unknown("/proc/self/mountinfo, to see this pod's volumes");
    }
    if (evidence.mount().filter(m -> !m.isRoot()).isPresent()) {
      return new Outcome.Passed();
    }
    String volumes =
        evidence.environment().mounts().get().stream()
            .filter(mount -> !mount.isPlumbing())
            .map(mount -> mount.point().toString())
            .collect(Collectors.joining(", "));
    return Finding.error(this, evidence)
        .seen(
            "/proc/self/mountinfo",
            volumes.isEmpty() ? "this container has no volumes" : "volumes only at " + volumes)
        .remedy(
            new Remedy.Patch(
                "Mount the directory of the agent's socket",
                Manifests.hostPath("/tmp/spire-agent/public", socket.directory().toString())))
        .remedy(
            new Remedy.Patch(
                "Or, where the SPIFFE CSI driver is installed",
                Manifests.csi(socket.directory().toString())))
        .found("No volume of this pod leads to " + socket.directory());
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examine(
        cluster, pod -> !pod.over() && !AgentSockets.usesTcp(pod), group -> judge(cluster, group));
  }

  private Optional<Outcome> judge(ClusterCase cluster, PodGroup group) {
    Pod pod = group.first();
    Set<String> leading =
        AgentSockets.volumes(cluster, pod).stream().map(Volume::name).collect(Collectors.toSet());
    List<Container> without =
        pod.containers().stream()
            .filter(c -> c.mounts().stream().noneMatch(m -> leading.contains(m.volume())))
            .toList();
    List<Container> asking =
        without.stream().filter(c -> AgentSockets.address(c).isPresent()).toList();
    boolean nobodyHasIt = without.size() == pod.containers().size();
    if (!leading.isEmpty() && !nobodyHasIt && asking.isEmpty()) {
      return Optional.empty();
    }
    if (leading.isEmpty() && asking.isEmpty()) {
      Optional<Outcome> elsewhere = unseenAddress(pod);
      if (elsewhere.isPresent()) {
        return elsewhere;
      }
    }
    Container container =
        asking.stream()
            .findFirst()
            .or(() -> pod.containers(Container.Role.APP).findFirst())
            .orElse(pod.containers().getFirst());
    Path there =
        AgentSockets.address(container)
            .flatMap(AgentSockets::path)
            .orElse(Path.of("/spire-socket/api.sock"));
    Optional<Container.MountPoint> other =
        container.mounts().stream()
            .filter(
                m -> there.startsWith(AnyPath.of(m.path())) && pod.volume(m.volume()).isPresent())
            .findFirst();
    Finding.Builder finding =
        group
            .error(this)
            // A sidecar may put a socket of its own there.
            .confidence(other.isPresent() ? Confidence.LIKELY : Confidence.CERTAIN)
            .seen("pod " + pod.inWords(), volumes(pod));
    AgentSockets.address(container)
        .ifPresent(a -> finding.seen("container " + container.name(), a.source() + "=" + a.text()));
    other.ifPresent(m -> finding.seen(m.path(), "is the volume " + m.volume()));
    String directory = AnyPath.directory(there).toString();
    if (leading.isEmpty()) {
      mend(cluster, pod, directory, finding);
    } else {
      finding.remedy(
          new Remedy.Patch(
              "Mount the volume in this container too",
              Manifests.mount(container, leading.iterator().next(), directory)));
    }
    if (AgentSockets.address(container).isEmpty()) {
      String name =
          AgentSockets.on(cluster, pod).stream()
              .findFirst()
              .map(socket -> AnyPath.name(socket).toString())
              .orElse("api.sock");
      finding.remedy(
          new Remedy.Patch(
              "And tell the program where the socket is, if it does not know",
              Manifests.variable(
                  container, "SPIFFE_ENDPOINT_SOCKET", "unix://" + directory + "/" + name)));
    }
    return Optional.of(
        finding.found(
            leading.isEmpty()
                ? "No volume of this pod leads to the agent's socket"
                : "The pod has a volume that leads to the agent's socket, but its "
                    + container.role().inWords()
                    + " "
                    + container.name()
                    + " does not mount it"));
  }

  /** An address that is not seen may be one of TCP, which needs no volume. */
  private static Optional<Outcome> unseenAddress(Pod pod) {
    return pod.containers().stream()
        .filter(container -> Workloads.VARIABLES.stream().anyMatch(container.unseenEnv()::contains))
        .findFirst()
        .map(
            container ->
                new Outcome.Unknown(
                    "whether the pod "
                        + pod.inWords()
                        + " needs a volume with the agent's socket: it has none, and the address"
                        + " that container "
                        + container.name()
                        + " is given comes from a config map or a secret"));
  }

  private static void mend(ClusterCase cluster, Pod pod, String inPod, Finding.Builder finding) {
    boolean csi = AgentSockets.hasCsiDriver(cluster);
    if (csi) {
      finding.remedy(
          new Remedy.Patch(
              "Mount the agent's socket by the SPIFFE CSI driver, which this cluster has",
              Manifests.csi(inPod)));
    }
    AgentSockets.directory(cluster, pod)
        .ifPresentOrElse(
            directory ->
                finding.remedy(
                    new Remedy.Patch(
                        csi
                            ? "Or mount its directory"
                            : "Mount the directory of the agent's socket",
                        Manifests.hostPath(directory, inPod))),
            () ->
                finding.remedy(
                    new Remedy.Advice(
                        (csi ? "Or mount" : "Mount")
                            + " the directory of the node in which the agent has its socket")));
  }

  private static String volumes(Pod pod) {
    return pod.volumes().isEmpty()
        ? "has no volumes"
        : "has only the volumes "
            + pod.volumes().stream().map(Volume::name).collect(Collectors.joining(", "));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.SOCKET_NOT_REACHED, Effect.SOCKET_DIRECTORY_ABSENT);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.SOCKET_DIRECTORY_ABSENT);
  }
}
