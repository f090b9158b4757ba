package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
import java.nio.file.Path;
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
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;
import org.spiredoctor.pod.AnyPath;

/** The node has nothing, or something else, at the path of a volume. */
@AutoService(Rule.class)
public final class VolumeTypeMismatch implements Rule {
  private static final String CHECK = "hostPath type check failed";

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Kubelet.examine(cluster, CHECK, (group, event) -> found(cluster, group, event));
  }

  private Outcome found(ClusterCase cluster, PodGroup group, Event event) {
    Pod pod = group.first();
    Finding.Builder finding = group.error(this).seen("event FailedMount", event.message());
    Optional<Volume.HostPath> volume =
        pod.volumes().stream()
            .filter(Volume.HostPath.class::isInstance)
            .map(Volume.HostPath.class::cast)
            .filter(v -> event.message().contains('"' + v.name() + '"'))
            .findFirst();
    volume.ifPresent(
        v -> finding.seen("volume " + v.name(), "hostPath " + v.path() + " " + v.type()));
    List<Path> sockets = AgentSockets.on(cluster, pod);
    boolean right =
        volume
            .filter(v -> v.type().startsWith("Directory"))
            .map(v -> AgentSockets.normal(v.path()))
            .filter(path -> sockets.stream().anyMatch(s -> path.equals(AnyPath.directory(s))))
            .isPresent();
    if (right || volume.isEmpty() || sockets.isEmpty()) {
      finding.remedy(
          new Remedy.Command(
              "The agent makes this directory: see whether one runs on the node",
              Kubectl.line("get pods -A -o wide --field-selector", "spec.nodeName=" + pod.node())));
    } else {
      finding.remedy(
          new Remedy.Patch(
              "Mount the directory of the agent's socket, as a directory",
              Manifests.hostPathVolume(
                  volume.get().name(), AnyPath.directory(sockets.getFirst()).toString())));
    }
    return finding.found(
        "The node has nothing of the type "
            + volume.map(v -> v.type() + " at " + v.path()).orElse("that a volume wants")
            + ", so the pod does not start");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.CONTAINER_NOT_STARTED);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.AGENT_REFUSED, Effect.AGENT_ABSENT, Effect.HOST_PATH_ABSENT);
  }
}
