package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.Scene.svid;

import io.grpc.Status.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.spire.X509SvidFacts;

/** Each rule of {@code diagnosis.rules.entry}. */
class EntryRulesTest {
  private static Scene deniedThenServedAfter(Duration after) {
    return Scene.status(Code.PERMISSION_DENIED, "no identity issued")
        .later(after)
        .answer(svid("spiffe://example.org/web"));
  }

  @Test
  void entryNotPropagatedYet() {
    assertThat(
            Expect.first("entry-not-propagated-yet", deniedThenServedAfter(Duration.ofSeconds(8)))
                .severity())
        .isEqualTo(Severity.WARNING);
  }

  @Test
  void agentSyncBackoff() {
    assertThat(
            Expect.first("agent-sync-backoff", deniedThenServedAfter(Duration.ofMinutes(2)))
                .severity())
        .isEqualTo(Severity.WARNING);
  }

  @Test
  void identityAmbiguous() {
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

  @Test
  void identityUnexpected() {
    Expect.first("identity-unexpected", Scene.served().expecting("spiffe://example.org/db"));
    Expect.healthy(Scene.served().expecting("spiffe://example.org/web"));
  }
}
