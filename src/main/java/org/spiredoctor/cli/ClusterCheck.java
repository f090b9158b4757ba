package org.spiredoctor.cli;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterGathering;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.evidence.cluster.Wanted;
import org.spiredoctor.kube.Connection;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;

/** {@code check} from outside of the pods. */
final class ClusterCheck {
  private final ClusterOptions options;
  private final Terminal terminal;

  ClusterCheck(ClusterOptions options, Terminal terminal) {
    this.options = options;
    this.terminal = terminal;
  }

  Report run(Wanted wanted, List<Rule> rules) throws InterruptedException {
    long began = System.nanoTime();
    ClusterEvidence evidence = ClusterEvidence.of(gather(wanted), wanted);
    return Diagnosis.examine(
        new ClusterCase(evidence), rules, Duration.ofNanos(System.nanoTime() - began));
  }

  private Snapshot gather(Wanted wanted) throws InterruptedException {
    Clock clock = Clock.systemUTC();
    try (KubeApi api =
        Connection.open(options.kubeconfig(), options.context(), ClusterOptions.LIMIT)) {
      return new ClusterGathering(api, wanted, clock, terminal::say).gather();
    } catch (KubeException e) {
      return new Snapshot(
          clock.instant(),
          new Observed.Unseen<>(Observed.Reason.FAILED, e.asked(), e.answer()),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of());
    }
  }
}
