package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.rules.Expect;

class EntryParentAliasPendingTest {
  private static final String TIME = "time=\"2026-01-02T03:04:00Z\" ";

  @Test
  void entryParentAliasPending() {
    String attested = "level=info msg=\"Node attestation was successful\"\n";
    Expect.first(
        "entry-parent-alias-pending",
        ClusterScene.healthy().webNotReady().agentLog(TIME + attested));
    assertThat(
            ClusterScene.healthy()
                .webNotReady()
                .agentLog("time=\"2026-01-02T03:00:00Z\" " + attested)
                .report()
                .findings())
        .noneMatch(f -> f.finding().id().equals("entry-parent-alias-pending"));
  }
}
