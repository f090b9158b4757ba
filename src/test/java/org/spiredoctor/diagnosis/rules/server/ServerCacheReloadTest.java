package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.rules.Expect;

class ServerCacheReloadTest {
  private static final String TIME = "time=\"2026-01-02T03:04:00Z\" ";

  @Test
  void serverCacheReload() {
    String failed =
        "level=error msg=\"Failed to reload entry cache\" error=\"database is locked\"\n";
    Finding found =
        Expect.first("server-cache-reload", ClusterScene.healthy().serverLog(TIME + failed));
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
    Expect.healthy(ClusterScene.healthy().serverLog("time=\"2026-01-02T02:00:00Z\" " + failed));
  }
}
