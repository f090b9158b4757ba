package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.rules.Expect;

class ServerCaNotRenewedTest {
  private static String rotation(String at, String what, String error) {
    return "time=\"%s\" level=error msg=\"%s\" error=\"%s\" subsystem_name=ca_manager\n"
        .formatted(at, what, error);
  }

  /** It stays ready, and the root of its upstream authority is valid for long. */
  @Test
  void serverCaNotRenewed() {
    String vault =
        "rpc error: code = Internal desc = upstreamauthority(vault): failed to sign: 403";
    String line = rotation("2026-01-02T03:03:50Z", "Unable to rotate X509 CA", vault);
    Finding found = Expect.first("server-ca-not-renewed", ClusterScene.healthy().serverLog(line));
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
    assertThat(found.summary()).contains("cannot renew its CA; it signs with the one that it has");
    assertThat(found.remedies().getFirst().summary()).contains("the upstream authority vault");
    assertThat(
            Expect.first(
                    "server-ca-not-renewed",
                    ClusterScene.healthy()
                        .serverLog(
                            rotation(
                                "2026-01-02T03:03:50Z",
                                "Unable to rotate JWT key",
                                "keymanager(disk): no space left on device")))
                .summary())
        .contains("cannot renew its JWT key");
    Finding ended =
        Expect.first(
            "server-ca-not-renewed",
            ClusterScene.healthy()
                .serverLog(
                    line
                        + rotation(
                            "2026-01-02T03:03:55Z",
                            "Failed to sign X509 SVID",
                            "X509 CA is not available for signing")));
    assertThat(ended.severity()).isEqualTo(Severity.ERROR);
    // It tries every 10 s: minutes later that is over.
    Expect.healthy(
        ClusterScene.healthy()
            .serverLog(rotation("2026-01-02T02:58:00Z", "Unable to rotate X509 CA", vault)));
  }
}
