package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.Mount;
import org.spiredoctor.pod.SocketPath;

/** The volume's directory cannot be read any more: the mount behind it has gone. */
@AutoService(Rule.class)
public final class CsiVolumeBroken implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    SocketPath socket = evidence.socket().orElse(null);
    if (socket == null || Denial.denied(evidence)) {
      return new Outcome.NotApplicable("there is no path, or it is closed to us");
    }
    Mount mount = evidence.mount().orElse(null);
    // So the kernel marks a mount whose source has been removed; it then reads as empty.
    boolean deleted =
        mount != null && mount.root().endsWith("//deleted") && evidence.mountedSocket().isEmpty();
    Optional<String> broken = socket.kind() == FileKind.SOCKET ? Optional.empty() : broken(socket);
    if (broken.isEmpty() && !deleted) {
      return new Outcome.NotApplicable("the directory can be read");
    }
    return Finding.error(this, evidence)
        .seen(socket.directory().toString(), broken.orElse("is a mount whose source was deleted"))
        .remedy(
            new Remedy.Advice(
                "Delete this pod, so that the volume is mounted again; if it happens again after"
                    + " each restart of the CSI driver, give driver and agent a hostPath directory"
                    + " in common instead of an emptyDir"))
        .found(
            "The volume with the socket is broken: what was mounted at "
                + socket.directory()
                + " has gone");
  }

  /** What the file system says, unless it is only that this process may not. */
  private static Optional<String> broken(SocketPath socket) {
    return socket
        .unlistable()
        .filter(why -> !why.equals("Permission denied"))
        .or(
            () ->
                socket.steps().stream()
                    .filter(step -> step.kind() == FileKind.BROKEN)
                    .map(step -> step.path() + " cannot be read")
                    .findFirst());
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.SOCKET_DIRECTORY_ABSENT, Effect.WORKLOAD_API_FAILS);
  }
}
