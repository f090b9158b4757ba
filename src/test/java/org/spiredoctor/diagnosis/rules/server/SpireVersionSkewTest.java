package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.server.ServerScenes.releases;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.rules.Expect;

class SpireVersionSkewTest {
  @Test
  void spireVersionSkew() {
    Finding newer = Expect.first("spire-version-skew", releases("1.14.4", "1.15.3"));
    assertThat(newer.severity()).isEqualTo(Severity.WARNING);
    assertThat(command(newer))
        .isEqualTo(
            "kubectl set image -n spire-system statefulset/spire-server"
                + " spire-server=ghcr.io/spiffe/spire-server:1.15.3");
    Finding older = Expect.first("spire-version-skew", releases("1.15.3", "1.13.0"));
    assertThat(older.summary()).contains("more than one minor version older");
    Expect.healthy(releases("1.15.3", "1.14.4"));
    Expect.healthy(releases("nightly", "1.13.0"));
  }
}
