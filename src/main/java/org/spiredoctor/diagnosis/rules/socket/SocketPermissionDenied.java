package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.SocketPath;
import org.spiredoctor.pod.Step;
import org.spiredoctor.spire.Ending;

/** File permissions on the way to the socket keep this process out. */
@AutoService(Rule.class)
public final class SocketPermissionDenied implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    if (!Denial.denied(evidence)) {
      return new Outcome.NotApplicable("nothing was denied");
    }
    if (Denial.bySelinux(evidence)) {
      return new Outcome.NotApplicable("the permissions allow it: SELinux does not");
    }
    Finding.Builder finding = Finding.error(this, evidence);
    evidence
        .failure()
        .filter(ending -> ending.kind() == Ending.Kind.DENIED)
        .ifPresent(ending -> finding.seen("connect", ending.inWords()));
    Step barrier = evidence.socket().flatMap(SocketPath::barrier).orElse(null);
    if (barrier != null) {
      finding.seen("file system", barrier.inWords());
    }
    evidence
        .surroundings()
        .uid()
        .ifPresent(uid -> finding.seen("this process", "runs as uid " + uid));
    String place = barrier == null ? evidence.asked().address().text() : barrier.path().toString();
    return finding
        .remedy(
            new Remedy.Advice(
                "Make "
                    + place
                    + " passable for the pod's user: mode 0755 for a directory, 0777 for the"
                    + " socket (the agent sets its own socket so, but leaves the directories above"
                    + " to its umask), or run the pod with a fitting fsGroup"))
        .found("This process may not pass " + place);
  }
}
