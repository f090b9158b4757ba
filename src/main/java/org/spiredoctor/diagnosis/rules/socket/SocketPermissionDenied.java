package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import java.util.List;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.SocketUser;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.PathElement;
import org.spiredoctor.pod.SocketPath;
import org.spiredoctor.spire.Ending;

/** File permissions on the way to the socket keep a process out. */
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
    PathElement barrier = evidence.socket().flatMap(SocketPath::barrier).orElse(null);
    if (barrier != null) {
      finding.seen("file system", barrier.inWords());
    }
    evidence
        .environment()
        .uid()
        .ifPresent(uid -> finding.seen("this process", "runs as uid " + uid));
    String place = barrier == null ? evidence.query().address().text() : barrier.path().toString();
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

  /**
   * From outside modes are not seen: of a pod that is asked for by its name, and is not well, that
   * is said. What its log tells is {@code workload-complains}.
   */
  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    if (!cluster.evidence().query().named()) {
      return List.of(new Outcome.NotApplicable("no pod was asked about by its name"));
    }
    return Outcome.orPassed(
        Outcome.unknown(
            cluster.examined().stream()
                .filter(pod -> pod.phase().equals("Running") && !pod.ready())
                .flatMap(
                    pod ->
                        SocketUser.of(cluster, pod).stream()
                            .map(user -> user.inWords() + " in pod " + pod.inWords()))
                .map(what -> what + ": run spire-doctor check in the container to see")));
  }
}
