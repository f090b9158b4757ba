package org.spiredoctor.diagnosis.rules.attestation;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.spire.Ending;

class WorkloadApiUnresponsiveTest {
  @Test
  void workloadApiUnresponsive() {
    Expect.first(
        "workload-api-unresponsive",
        Scene.pod().ended(Ending.silence(false), Duration.ofSeconds(5)));
  }
}
