package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.deniedThenServedAfter;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;

class AgentSyncBackoffTest {
  @Test
  void anAgentThatBacksOffIsToldFromOutside() {
    String failed = "level=error msg=\"Synchronize failed\" error=\"unavailable\"\n";
    Finding found =
        Expect.first(
            "agent-sync-backoff",
            ClusterScene.healthy()
                .agentLog(
                    "time=\"2026-01-02T03:02:00Z\" "
                        + failed
                        + "time=\"2026-01-02T03:03:30Z\" "
                        + failed));
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
  }

  /** Every five minutes for three quarters of an hour. */
  private static String failures(String error) {
    StringBuilder log = new StringBuilder();
    for (int minute = 18; minute <= 63; minute += 5) {
      log.append(
          "time=\"2026-01-02T%02d:%02d:45Z\" level=error msg=\"Synchronize failed\" error=\"%s\"%n"
              .formatted(2 + minute / 60, minute % 60, error));
    }
    return log.toString();
  }

  /** A new one would have to reach the server, which this one cannot; it would serve nothing. */
  @Test
  void anAgentThatIsCutOffIsNoHealthyOne() {
    ClusterScene scene =
        ClusterScene.healthy().agentLog(failures("failed to dial: context deadline exceeded"));
    Finding found = Expect.first("agent-sync-backoff", scene);
    assertThat(found.severity()).isEqualTo(Severity.ERROR);
    assertThat(found.summary()).contains("could not ask the server since 2026-01-02T02:18:45Z");
    assertThat(found.remedies()).noneMatch(Remedy.Command.class::isInstance);
    // The outage is over, and what the agent had goes on being served.
    scene.merge(
        Kind.POD,
        "spire-server-0",
        "/status/containerStatuses/0",
        "{state: {running: {startedAt: '2026-01-02T03:03:50Z'}}}");
    found = Expect.first("agent-sync-backoff", scene);
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
    assertThat(found.remedies().getFirst().block())
        .isEqualTo("kubectl delete pod -n spire-system spire-agent-x1y2z");
    // A pod whose entry was made since has no identity, be the server back or not.
    scene.webEntry(
        made(
            ClusterScene.entry("web", ClusterScene.WEB, ClusterScene.ALIAS, "k8s:ns:apps"),
            "2026-01-02T02:30:00Z"));
    found = Expect.first("agent-sync-backoff", scene);
    assertThat(found.severity()).isEqualTo(Severity.ERROR);
    assertThat(found.summary()).contains("does not have the newest entries of its pods");
  }

  private static Entry made(Entry entry, String at) {
    return new Entry(
        entry.id(),
        entry.spiffeId(),
        entry.parentId(),
        entry.selectors(),
        entry.expiresAt(),
        Optional.of(Instant.parse(at)),
        entry.downstream(),
        entry.storeSvid(),
        entry.hint(),
        entry.federatesWith(),
        entry.settings());
  }

  @Test
  void agentSyncBackoff() {
    assertThat(
            Expect.first("agent-sync-backoff", deniedThenServedAfter(Duration.ofMinutes(2)))
                .severity())
        .isEqualTo(Severity.WARNING);
  }
}
