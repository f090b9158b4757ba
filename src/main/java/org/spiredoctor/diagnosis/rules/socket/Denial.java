package org.spiredoctor.diagnosis.rules.socket;

import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.PathElement;
import org.spiredoctor.pod.SocketPath;
import org.spiredoctor.spire.Ending;

/** Tells file permissions from SELinux. */
final class Denial {
  private Denial() {}

  /** Whether something on the way to the socket was closed to this process. */
  static boolean denied(Evidence evidence) {
    return evidence.failureKind() == Ending.Kind.DENIED
        || evidence.kind() == FileKind.HIDDEN
        || (evidence.lastCall().isEmpty()
            && evidence.socket().flatMap(SocketPath::barrier).isPresent());
  }

  /** Whether the permissions would allow what was denied, and SELinux is there to deny it. */
  static boolean bySelinux(Evidence evidence) {
    int uid = evidence.environment().uid().orElse(-1);
    boolean unexplained =
        evidence.failureKind() == Ending.Kind.DENIED
            && evidence.socket().flatMap(SocketPath::barrier).isEmpty();
    if (unexplained) {
      return evidence.environment().selinux().isPresent();
    }
    return evidence.environment().selinux().isPresent()
        && evidence
            .socket()
            .flatMap(SocketPath::barrier)
            .filter(step -> step.kind() != FileKind.HIDDEN && allows(step, uid))
            .isPresent();
  }

  /** Whether the mode lets a user pass; groups are not looked at, so "no" may be wrong. */
  private static boolean allows(PathElement step, int uid) {
    int needed = step.kind() == FileKind.DIRECTORY ? 1 : 2;
    boolean asOwner = step.uid() == uid && (step.mode() >> 6 & needed) != 0;
    return uid == 0 || asOwner || (step.mode() & needed) != 0;
  }
}
