package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.Scene.mount;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Scene;

/** Each rule of {@code diagnosis.rules.pod}. */
class PodRulesTest {
  @Test
  void podSocketNotMounted() {
    Expect.first("pod-socket-not-mounted", Scene.pod().withoutDirectory().mounts(mount("/", "/")));
  }

  @Test
  void podSocketPathMismatch() {
    Expect.first(
        "pod-socket-path-mismatch",
        Scene.pod()
            .withoutDirectory()
            .mounts(mount("/", "/"), mount("/run/spire", "/tmp/spire-agent/public"))
            .socketsAt("/run/spire/api.sock"));
  }

  @Test
  void aSocketOfSomethingElseIsNotOffered() {
    Expect.first(
        "pod-socket-not-mounted",
        Scene.pod()
            .withoutDirectory()
            .mounts(mount("/", "/"), mount("/var/run/docker.sock", "/run/docker.sock"))
            .socketsAt("/var/run/docker.sock"));
  }

  @Test
  void volumesThatCannotBeSeenAreUnknownAndNotHealthy() {
    Report report = Scene.pod().withoutDirectory().mountsUnknown().report();
    assertThat(report.unknown()).extracting("id").containsExactly("pod-socket-not-mounted");
    assertThat(report.verdict()).isNotEqualTo(Report.Verdict.HEALTHY);
  }
}
