package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.diagnosis.rules.socket.SocketNotConfigured;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.SocketPath;

/** No volume of the pod leads to the socket. */
@AutoService(Rule.class)
public final class PodSocketNotMounted implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    SocketPath socket = evidence.socket().orElse(null);
    if (socket == null || socket.kind() != FileKind.MISSING || !evidence.surroundings().inPod()) {
      return new Outcome.NotApplicable("not a pod, or there is something at the path");
    }
    if (evidence.surroundings().mounts().isEmpty()) {
      return new Outcome.Unknown("/proc/self/mountinfo, to see this pod's volumes");
    }
    if (evidence.mount().filter(m -> !m.isRoot()).isPresent()) {
      return new Outcome.Passed();
    }
    String volumes =
        evidence.surroundings().mounts().get().stream()
            .filter(mount -> !mount.isPlumbing())
            .map(mount -> mount.point().toString())
            .collect(Collectors.joining(", "));
    return Finding.error(this, Subject.here(evidence))
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
  public Set<Class<? extends Rule>> explainedBy() {
    return Set.of(PodSocketPathMismatch.class, SocketNotConfigured.class);
  }
}
