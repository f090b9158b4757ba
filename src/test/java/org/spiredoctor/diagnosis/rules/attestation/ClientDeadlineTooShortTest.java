package org.spiredoctor.diagnosis.rules.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.Scene.svid;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;

class ClientDeadlineTooShortTest {
  @Test
  void clientDeadlineTooShort() {
    Finding found =
        Expect.first(
            "client-deadline-too-short",
            Scene.pod().answer(Duration.ofSeconds(8), 2000, svid("spiffe://example.org/web")));
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
  }
}
