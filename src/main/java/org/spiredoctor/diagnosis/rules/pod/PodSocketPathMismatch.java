package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
import java.nio.file.Path;
import java.util.List;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.SocketPath;

/** The socket is in the pod, at another place than the address says. */
@AutoService(Rule.class)
public final class PodSocketPathMismatch implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    SocketPath socket = evidence.socket().orElse(null);
    if (socket == null || socket.kind() != FileKind.MISSING || !evidence.surroundings().inPod()) {
      return new Outcome.NotApplicable("not a pod, or there is something at the path");
    }
    if (evidence.mount().filter(mount -> !mount.isRoot()).isPresent()) {
      return new Outcome.NotApplicable("a volume leads to where the address points");
    }
    List<Path> elsewhere =
        evidence.surroundings().sockets().stream()
            .filter(path -> !path.startsWith(directory(socket.resolved())))
            .filter(PodSocketPathMismatch::mayBeAnAgents)
            .toList();
    if (elsewhere.isEmpty()) {
      return new Outcome.NotApplicable("no other volume holds a socket");
    }
    Finding.Builder finding =
        Finding.error(this, Subject.here(evidence))
            .confidence(Confidence.LIKELY)
            .seen(evidence.asked().address().source(), evidence.asked().address().text());
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
}
