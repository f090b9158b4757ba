package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
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
import org.spiredoctor.evidence.cluster.CsiDriver;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/** The kubelet of the node does not know the SPIFFE CSI driver. */
@AutoService(Rule.class)
public final class CsiDriverNotRegistered implements Rule {
  private static final String UNKNOWN = "not found in the list of registered CSI drivers";

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examineEach(
        cluster,
        pod ->
            Kubelet.waits(pod)
                && driver(pod).isPresent()
                && (Kubelet.says(cluster, pod, UNKNOWN).isPresent() || absent(cluster, pod)),
        group -> Optional.of(found(cluster, group)));
  }

  private static Optional<String> driver(Pod pod) {
    return pod.volumes().stream()
        .filter(Volume.Csi.class::isInstance)
        .map(volume -> ((Volume.Csi) volume).driver())
        .filter(AgentSockets::isSpiffe)
        .findFirst();
  }

  private static boolean absent(ClusterCase cluster, Pod pod) {
    return cluster
        .evidence()
        .snapshot()
        .objects(Kind.CSI_DRIVER)
        .seen()
        .filter(
            all ->
                all.stream()
                    .noneMatch(d -> driver(pod).orElse("").equals(d.at("/metadata/name").asText())))
        .isPresent();
  }

  private Outcome found(ClusterCase cluster, PodGroup group) {
    Pod pod = group.first();
    String driver = driver(pod).orElseThrow();
    Optional<Event> event = Kubelet.says(cluster, pod, UNKNOWN);
    Finding.Builder finding = group.error(this);
    event.ifPresent(e -> finding.seen("event " + e.reason(), e.message()));
    boolean absent = absent(cluster, pod);
    if (absent) {
      finding.seen("CSIDriver objects", "none is named " + driver);
    }
    Optional<Pod> running =
        cluster.csiDrivers().named(driver, pod).stream()
            .filter(cluster.csiDrivers()::isCorroborated)
            .map(CsiDriver::pod)
            .findFirst();
    finding.seen(
        "node " + pod.node(),
        running
            .map(p -> "runs " + p.inWords() + ", " + (p.ready() ? "ready" : "not ready"))
            .orElse("runs no pod of the SPIFFE CSI driver " + driver));
    CsiAbsence why = running.isPresent() ? CsiAbsence.NONE : CsiAbsence.of(cluster, pod, driver);
    running.ifPresent(
        p ->
            finding.remedy(
                new Remedy.Command(
                    "Read why the driver's registrar does not register it",
                    Kubectl.logs(p, "--all-containers", "--tail=50"))));
    why.quotes().forEach(quote -> finding.seen(quote.source(), quote.text()));
    why.remedies().forEach(finding::remedy);
    AgentSockets.directory(cluster, pod)
        .ifPresent(
            directory ->
                finding.remedy(
                    new Remedy.Patch(
                        "Or mount the directory of the agent's socket without the driver",
                        Manifests.hostPath(directory, mountPath(pod)))));
    return finding.found(
        "The volume needs the CSI driver "
            + driver
            + (absent ? ", which this cluster does not have" : ", which this node does not have")
            + why.inWords());
  }

  private static String mountPath(Pod pod) {
    return pod.volumes().stream()
        .filter(v -> v instanceof Volume.Csi csi && AgentSockets.isSpiffe(csi.driver()))
        .flatMap(
            v ->
                pod.containers().stream()
                    .flatMap(c -> c.mounts().stream())
                    .filter(m -> m.volume().equals(v.name())))
        .map(m -> m.path())
        .findFirst()
        .orElse("/spire-socket");
  }

  /** The driver may be a part of what makes the agents. */
  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.WORKLOAD_API_FAILS, Effect.CONTAINER_NOT_STARTED);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.AGENT_NOT_ON_NODE);
  }
}
