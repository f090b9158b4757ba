package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.server.ServerScenes.releases;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;

class SpireVersionKnownBadTest {
  @Test
  void spireVersionKnownBad() {
    Finding found = Expect.first("spire-version-known-bad", releases("1.15.2", "1.15.2"));
    assertThat(found.remedies()).hasSize(2);
    Expect.healthy(releases("1.15.2", "1.15.1"));
  }
}
