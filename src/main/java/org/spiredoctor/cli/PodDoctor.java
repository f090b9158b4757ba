package org.spiredoctor.cli;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.PodStanding;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.evidence.cluster.Wanted;
import org.spiredoctor.run.Runner;

/** Examines the pod of the tests, as {@code check} does. */
final class PodDoctor implements Runner.Doctor {
  private final ClusterCheck check;
  private final Wanted wanted;
  private final RunCommand.Job job;
  private @Nullable Report report;
  private @Nullable Snapshot snapshot;

  PodDoctor(ClusterCheck check, Wanted wanted, RunCommand.Job job) {
    this.check = check;
    this.wanted = wanted;
    this.job = job;
  }

  @Override
  public Optional<String> hopeless(String namespace, String pod) throws InterruptedException {
    if (!job.check()) {
      return Optional.empty();
    }
    ClusterCase cluster = examine(namespace, pod);
    boolean denied =
        cluster.standings().seen().stream()
            .flatMap(all -> all.stream())
            .anyMatch(PodDoctor::isDenied);
    if (denied) {
      expecting(cluster);
    } else {
      // What fails later has to be seen then.
      report = null;
    }
    Report found = report;
    return denied && found != null
        ? found
            .causes()
            .filter(f -> f.severity() == Severity.ERROR)
            .findFirst()
            .map(finding -> "the pod will get no identity: " + finding.id())
        : Optional.empty();
  }

  /** Of a pod like those that entries are registered for, it is known which entry is missing. */
  private void expecting(ClusterCase cluster) {
    Wanted asked = cluster.evidence().wanted();
    Optional<String> id =
        job.expected(asked.trustDomain().or(cluster.installations().getFirst()::trustDomain));
    if (id.isPresent()) {
      Wanted more =
          new Wanted(
              asked.pods(),
              asked.spireNamespace(),
              asked.trustDomain(),
              id,
              asked.federatesWith(),
              asked.exec());
      ClusterEvidence evidence = ClusterEvidence.of(cluster.evidence().snapshot(), more);
      report = Diagnosis.examine(new ClusterCase(evidence), Rules.all(), Duration.ZERO);
    }
  }

  private static boolean isDenied(PodStanding one) {
    return one.standing().deniedForSure() && one.served().isEmpty();
  }

  private ClusterCase examine(String namespace, String pod) throws InterruptedException {
    Wanted asked =
        new Wanted(
            new Wanted.Pods.Named(Optional.of(namespace), pod),
            wanted.spireNamespace(),
            wanted.trustDomain(),
            wanted.spiffeId(),
            wanted.federatesWith(),
            wanted.exec());
    Snapshot seen = check.gather(asked);
    ClusterCase cluster = new ClusterCase(ClusterEvidence.of(seen, asked));
    snapshot = seen;
    report = Diagnosis.examine(cluster, Rules.all(), Duration.ZERO);
    return cluster;
  }

  /** What ails the pod: as it was seen when it was found hopeless, or else as it is now. */
  Report diagnosis(String namespace, String pod) throws InterruptedException {
    Report before = report;
    if (before != null) {
      return before;
    }
    return Diagnosis.examine(examine(namespace, pod), Rules.all(), Duration.ZERO);
  }

  /** What was seen when it was looked at last, or is now. */
  Snapshot evidence(String namespace, String pod, boolean anew) throws InterruptedException {
    Snapshot before = snapshot;
    return anew || before == null ? examine(namespace, pod).evidence().snapshot() : before;
  }
}
