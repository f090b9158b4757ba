package org.spiredoctor.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.registration.Given.declared;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Entry;

class FitnessTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final Declared WEB = declared("/web", "k8s:ns:apps");

  private static List<Problem> of(Declared one, boolean asObjects) {
    return Fitness.of(
        List.of(one), Optional.of("example.org"), Optional.of(List.of("other.org")), asObjects, AT);
  }

  private static Declared federating(String domain) {
    return new Declared(WEB.entry().federatingWith(List.of(domain)), false, WEB.origin());
  }

  @Test
  void whatFitsFits() {
    assertThat(of(WEB, true)).isEmpty();
    assertThat(of(federating("other.org"), false)).isEmpty();
    // Nothing is known of the server.
    assertThat(
            Fitness.of(
                List.of(federating("third.org")), Optional.empty(), Optional.empty(), false, AT))
        .isEmpty();
  }

  @Test
  void anotherTrustDomainsIdIsRefused() {
    assertThat(
            Fitness.of(List.of(WEB), Optional.of("prod.test"), Optional.empty(), false, AT)
                .getFirst()
                .inWords())
        .isEqualTo(
            "web.yaml:3: spiffeID: spiffe://example.org/web is not of the server's trust domain"
                + " prod.test");
  }

  @Test
  void aBundleThatTheServerHasNotIsTold() {
    assertThat(of(federating("third.org"), false).getFirst().inWords())
        .startsWith("web.yaml:3: federatesWith: the server has no bundle of third.org");
  }

  @Test
  void anObjectCannotSayEverything() {
    Entry entry =
        new Entry(
            "",
            "spiffe://example.org/web",
            Given.ALIAS,
            Given.selectors("k8s:ns:apps"),
            Optional.of(Instant.parse("2033-01-01T00:00:00Z")),
            Optional.empty(),
            false,
            false,
            "",
            List.of(),
            new Entry.Settings(false, 0, 0, List.of(), true, true));
    Declared one = new Declared(entry, false, Origin.NONE);
    assertThat(of(one, false)).isEmpty();
    assertThat(of(one, true))
        .extracting(Problem::field)
        .containsExactly("expiresAt", "jwtSVIDIncludeJTI", "disableX509SVIDPrefetch");
  }

  @Test
  void whatHasEndedServesNobody() {
    Entry web = WEB.entry();
    Entry ended =
        new Entry(
            "",
            web.spiffeId(),
            web.parentId(),
            web.selectors(),
            Optional.of(AT),
            Optional.empty(),
            false,
            false,
            "",
            List.of(),
            web.settings());
    assertThat(of(new Declared(ended, false, WEB.origin()), false).getFirst().inWords())
        .isEqualTo("web.yaml:3: expiresAt: 2026-01-01T00:00:00Z is over: nobody is served");
  }
}
