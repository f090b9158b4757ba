package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import java.nio.file.Path;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.Mount;
import org.spiredoctor.spire.Ending;

/**
 * The socket file itself is mounted: it is replaced when the agent restarts, and the mount is not.
 */
@AutoService(Rule.class)
public final class SocketFileMounted implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    Mount mount = evidence.mountedSocket().orElse(null);
    if (mount == null || evidence.kind() != FileKind.SOCKET) {
      return new Outcome.NotApplicable("there is no socket that is a mount point");
    }
    boolean dead = evidence.failureKind() == Ending.Kind.REFUSED;
    Finding.Builder finding =
        dead
            ? Finding.error(this, Subject.here(evidence))
            : Finding.warning(this, Subject.here(evidence));
    finding
        .seen("/proc/self/mountinfo", mount.point() + " is mounted from " + mount.root())
        .remedy(
            new Remedy.Patch(
                "Mount the directory of the socket, not the socket",
                Manifests.hostPath(parent(mount.root()), parent(mount.point().toString()))));
    return finding.found(
        dead
            ? "The socket file itself is mounted, and the agent has made a new one since: this"
                + " container keeps the dead one for ever"
            : "The socket file itself is mounted: it will be dead after the agent's next restart");
  }

  private static String parent(String path) {
    Path parent = Path.of(path).getParent();
    return parent == null ? path : parent.toString();
  }
}
