package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.Scene.svid;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.APP;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.NS;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.SA;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.with;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.spire.X509SvidFacts;

class IdentityAmbiguousTest {
  @Test
  void identityAmbiguous() {
    Entry web = entry("e1", WEB, ALIAS, NS, SA, APP);
    Entry broad = entry("e2", "spiffe://example.org/all", ALIAS, NS);
    Finding found = Expect.first("identity-ambiguous", ClusterScene.healthy().webEntry(web, broad));
    assertThat(found.severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(found.evidence().toString()).contains(WEB).contains("spiffe://example.org/all");
    Expect.first(
        "identity-ambiguous",
        ClusterScene.healthy().webEntry(web, with(broad, broad.createdAt(), "internal")));
    // By a mark nobody chooses.
    Expect.first(
        "identity-ambiguous",
        ClusterScene.healthy()
            .webEntry(
                with(web, web.createdAt(), "spire-doctor/web"),
                with(broad, broad.createdAt(), "spire-doctor:team/all")));
    Expect.healthy(
        ClusterScene.healthy()
            .webEntry(
                with(web, web.createdAt(), "external"),
                with(broad, broad.createdAt(), "internal")));
  }

  @Test
  void identityAmbiguousInThePod() {
    X509SvidFacts web = svid("spiffe://example.org/web");
    X509SvidFacts other = svid("spiffe://example.org/other");
    Expect.first("identity-ambiguous", Scene.pod().answer(web, other));
    Expect.healthy(Scene.pod().answer(web, other).expecting("spiffe://example.org/web"));
    Expect.first(
        "identity-ambiguous",
        Scene.pod().answer(web, other).expecting("spiffe://example.org/other"));
    Expect.healthy(Scene.pod().answer(hinted(web, "a"), hinted(other, "b")));
  }

  private static X509SvidFacts hinted(X509SvidFacts svid, String hint) {
    return new X509SvidFacts(svid.id(), hint, svid.validity(), svid.malformed(), svid.untrusted());
  }
}
