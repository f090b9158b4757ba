package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.identity.TrustBundle;

class ServerBundleUnusableTest {
  @Test
  void serverBundleUnusable() {
    Instant now = ClusterScene.NOW;
    Instant before = now.minusSeconds(7200);
    Instant then = now.plusSeconds(7200);
    Finding found =
        Expect.first(
            "server-bundle-unusable",
            ClusterScene.healthy()
                .bundle(
                    ClusterScene.bundleOf(
                        "example.org",
                        ClusterScene.authority(before, now.minusSeconds(1), false),
                        ClusterScene.authority(before, then, true))));
    assertThat(found.severity()).isEqualTo(Finding.Severity.ERROR);
    assertThat(found.evidence())
        .extracting(Finding.Quote::text)
        .containsExactly("expired at 2026-01-02T03:04:04Z", "tainted");
    Expect.first(
        "server-bundle-unusable",
        ClusterScene.healthy().bundle(ClusterScene.bundleOf("example.org")));
    Expect.first(
        "server-bundle-unusable",
        ClusterScene.healthy()
            .bundle(
                ClusterScene.bundleOf("example.org", ClusterScene.authority(then, then, false))));
    // One that is valid is enough.
    Expect.healthy(
        ClusterScene.healthy()
            .bundle(
                ClusterScene.bundleOf(
                    "example.org",
                    ClusterScene.authority(before, before, false),
                    ClusterScene.authority(before, then, false))));
    Finding jwt =
        Expect.first(
            "server-bundle-unusable",
            ClusterScene.healthy()
                .bundle(
                    new TrustBundle(
                        "example.org",
                        List.of(ClusterScene.authority(before, then, false)),
                        List.of(new TrustBundle.JwtAuthority("k", Optional.of(before), false)),
                        1,
                        Optional.empty())));
    assertThat(jwt.severity()).isEqualTo(Finding.Severity.WARNING);
  }
}
