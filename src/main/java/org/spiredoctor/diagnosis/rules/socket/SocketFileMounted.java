package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
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
import org.spiredoctor.pod.Mount;
import org.spiredoctor.spire.Ending;

/**
 * The socket file itself is mounted: it is replaced when the agent restarts, and the mount is not.
 */
@AutoService(Rule.class)
public final class SocketFileMounted implements Rule {
  private static final String DEAD =
      "The socket file itself is mounted, and the agent has made a new one since: this container"
          + " keeps the dead one for ever";
  private static final String WILL_BE_DEAD =
      "The socket file itself is mounted: it will be dead after the agent's next restart";

  @Override
  public Outcome examine(Evidence evidence) {
    Mount mount = evidence.mountedSocket().orElse(null);
    if (mount == null || evidence.kind() != FileKind.SOCKET) {
      return new Outcome.NotApplicable("there is no socket that is a mount point");
    }
    boolean dead = evidence.failureKind() == Ending.Kind.REFUSED;
    Finding.Builder finding =
        dead ? Finding.error(this, evidence) : Finding.warning(this, evidence);
    finding
        .seen("/proc/self/mountinfo", mount.point() + " is mounted from " + mount.root())
        .remedy(
            new Remedy.Patch(
                "Mount the directory of the socket, not the socket",
                Manifests.hostPath(parent(mount.root()), parent(mount.point().toString()))));
    return finding.found(dead ? DEAD : WILL_BE_DEAD);
  }

  private static String parent(String path) {
    Path parent = AnyPath.of(path).getParent();
    return parent == null ? path : parent.toString();
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examine(cluster, pod -> !pod.over(), group -> judge(cluster, group));
  }

  private Optional<Outcome> judge(ClusterCase cluster, PodGroup group) {
    Pod pod = group.first();
    for (Container container : pod.containers()) {
      for (Container.MountPoint mount : container.mounts()) {
        Optional<Volume> volume = pod.volume(mount.volume());
        if (volume.filter(v -> isFile(cluster, pod, container, mount, v)).isPresent()) {
          return Optional.of(found(cluster, group, container, mount, volume.get()));
        }
      }
    }
    return Optional.empty();
  }

  /** A directory may bear the wrong type; then the pod does not start, which is told elsewhere. */
  private static boolean isFile(
      ClusterCase cluster,
      Pod pod,
      Container container,
      Container.MountPoint mount,
      Volume volume) {
    Path point = AnyPath.of(mount.path());
    boolean addressed =
        !mount.subPath().isEmpty()
            && AgentSockets.address(container)
                .flatMap(AgentSockets::path)
                .filter(point::equals)
                .isPresent();
    boolean typed =
        volume instanceof Volume.HostPath host
            && (host.type().equals("Socket") || host.type().equals("File"))
            && !cluster.socketDirectories().contains(host.path());
    return Workloads.leadsToSocket(volume, cluster.socketDirectories())
        && (addressed
            || typed
            || AgentSockets.on(cluster, pod).stream()
                .flatMap(s -> AgentSockets.inContainer(volume, mount, s).stream())
                .anyMatch(point::equals));
  }

  private Outcome found(
      ClusterCase cluster,
      PodGroup group,
      Container container,
      Container.MountPoint mount,
      Volume volume) {
    boolean dead = group.pods().stream().anyMatch(pod -> agentIsNewer(cluster, pod, container));
    Finding.Builder finding = dead ? group.error(this) : group.warning(this);
    finding.seen(
        "container " + container.name(),
        mount.path()
            + " is the volume "
            + volume.name()
            + (mount.subPath().isEmpty() ? "" : ", subPath " + mount.subPath())
            + (volume instanceof Volume.HostPath host
                ? ", hostPath " + host.path() + " " + host.type()
                : ""));
    String inPod = parent(mount.path());
    String source =
        volume instanceof Volume.Csi csi
            ? Manifests.csiVolume(csi.name(), csi.driver())
            : Manifests.hostPathVolume(
                volume.name(),
                AgentSockets.directory(cluster, group.first()).orElse(onNode(volume)));
    finding.remedy(
        new Remedy.Patch(
            "Mount the directory of the socket, not the socket, and no subPath",
            source + Manifests.mount(container, volume.name(), inPod)));
    if (dead) {
      finding.seen("agent", "has started since this container did");
      if (!group.first().meta().owners().isEmpty()) {
        finding.remedy(
            new Remedy.Command(
                "For the moment, replace the pod: a new one mounts the socket that is there now",
                Kubectl.replace(cluster.evidence(), List.of(group.first()))));
      }
    }
    return finding.found(dead ? DEAD : WILL_BE_DEAD);
  }

  private static String onNode(Volume volume) {
    return volume instanceof Volume.HostPath host ? parent(host.path()) : "/tmp/spire-agent/public";
  }

  /** Whether the agent of the pod's node has started after this container. */
  private static boolean agentIsNewer(ClusterCase cluster, Pod pod, Container container) {
    Instant mounted = started(pod, container.name()).orElse(Instant.MAX);
    return cluster
        .home(pod)
        .flatMap(home -> home.agentPodOn(pod.node()))
        .flatMap(agent -> cluster.componentOf(agent).flatMap(c -> started(agent, c.container())))
        .filter(mounted::isBefore)
        .isPresent();
  }

  private static Optional<Instant> started(Pod pod, String container) {
    return pod.containers().stream()
        .filter(c -> c.name().equals(container))
        .flatMap(c -> c.status().stream())
        .flatMap(status -> status.state().started().stream())
        .findFirst();
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.CONNECTION_REFUSED, Effect.WORKLOAD_API_FAILS);
  }
}
