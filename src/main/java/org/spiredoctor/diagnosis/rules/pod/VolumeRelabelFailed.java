package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Shell;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Pod;

/** SELinux labels cannot be written to a volume that is mounted read-only. */
@AutoService(Rule.class)
public final class VolumeRelabelFailed implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examineEach(
        cluster,
        pod -> !pod.ready() && said(cluster, pod).isPresent(),
        group ->
            said(cluster, group.first())
                .map(
                    text ->
                        group
                            .error(this)
                            .seen("kubelet", text)
                            .reason(CommonReason.words(text, group.first()))
                            .remedy(
                                new Remedy.Command(
                                    "See which SPIFFE CSI driver runs: from 0.2.0 on the node may"
                                        + " relabel its volumes",
                                    Shell.pipe(
                                        Kubectl.line(
                                            "get pods -A -o",
                                            "custom-columns=POD:.metadata.name,IMAGES:.spec.containers[*].image"),
                                        "grep",
                                        "spiffe-csi")))
                            .remedy(
                                new Remedy.Advice(
                                    "Label the socket's directory on the node container_file_t, and"
                                        + " give the pod an SELinux type that needs no relabelling"))
                            .found(
                                "The container runtime cannot write the SELinux label of a volume,"
                                    + " so the container is not created")));
  }

  private static Optional<String> said(ClusterCase cluster, Pod pod) {
    Stream<String> states =
        pod.containers().stream()
            .flatMap(c -> c.status().stream())
            .map(status -> status.state().message());
    Stream<String> events =
        cluster.evidence().eventsOf("Pod", pod.meta()).reversed().stream().map(Event::message);
    return Stream.concat(states, events)
        .filter(text -> text.contains("relabel") && text.contains("lsetxattr"))
        .findFirst();
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.CONTAINER_NOT_STARTED);
  }
}
