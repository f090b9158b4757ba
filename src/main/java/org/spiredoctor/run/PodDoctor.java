package org.spiredoctor.run;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.check.ClusterCheck;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.Scope;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.identity.EntryMatch;

/** Examines the pod of the tests, as {@code check} does. */
final class PodDoctor implements Runner.Doctor {
  private final ClusterCheck check;
  private final RunRequest request;
  private @Nullable Report report;
  private @Nullable Snapshot snapshot;

  PodDoctor(ClusterCheck check, RunRequest request) {
    this.check = check;
    this.request = request;
  }

  @Override
  public Optional<String> hopeless(String namespace, String pod) throws InterruptedException {
    if (!request.check()) {
      return Optional.empty();
    }
    // The pod is starting, and what explains a fault takes the server's time: first whether it has
    // one.
    ClusterQuery asked = asked(namespace, pod);
    if (!isDenied(new ClusterCase(check.look(asked, Scope.ENTRIES)))) {
      return Optional.empty();
    }
    ClusterCase cluster = look(namespace, pod);
    if (!isDenied(cluster)) {
      return Optional.empty();
    }
    Report found = examined(expecting(cluster));
    report = found;
    return found
        .causes()
        .filter(f -> f.severity() == Severity.ERROR)
        .findFirst()
        .map(finding -> "the pod will get no identity: " + finding.id());
  }

  /** Of a pod like those that entries are registered for, it is known which entry is missing. */
  private ClusterCase expecting(ClusterCase cluster) {
    ClusterQuery asked = cluster.evidence().query();
    return request
        .expected(asked.trustDomain().or(cluster.installations().getFirst()::trustDomain))
        .map(asked::expecting)
        .map(more -> new ClusterCase(ClusterEvidence.of(cluster.evidence().snapshot(), more)))
        .orElse(cluster);
  }

  private static boolean isDenied(ClusterCase cluster) {
    return cluster.entryMatches().seen().stream()
        .flatMap(List::stream)
        .anyMatch(PodDoctor::isDenied);
  }

  private static boolean isDenied(PodEntryMatch one) {
    // An agent that is not attested may be at any moment.
    return one.entryMatch().deniedForSure()
        && one.entryMatch().kind() != EntryMatch.Kind.NOT_ATTESTED
        && one.served().isEmpty();
  }

  private ClusterQuery asked(String namespace, String pod) {
    return request.query().of(new ClusterQuery.Pods.Named(Optional.of(namespace), pod));
  }

  private ClusterCase look(String namespace, String pod) throws InterruptedException {
    ClusterEvidence seen = check.gather(asked(namespace, pod));
    snapshot = seen.gathered();
    return new ClusterCase(seen);
  }

  private static Report examined(ClusterCase cluster) {
    return Diagnosis.examine(cluster, Rules.all());
  }

  /** What ails the pod: as it was seen when it was found hopeless, or else as it is now. */
  Report diagnosis(String namespace, String pod) throws InterruptedException {
    Report before = report;
    return before != null ? before : examined(look(namespace, pod));
  }

  /** What was seen when it was looked at last, or is now. */
  Snapshot evidence(String namespace, String pod, boolean anew) throws InterruptedException {
    Snapshot before = snapshot;
    return anew || before == null ? look(namespace, pod).evidence().snapshot() : before;
  }
}
