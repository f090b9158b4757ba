package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.identity.TrustBundle.JwtAuthority;
import org.spiredoctor.identity.TrustBundle.X509Authority;

/** The bundle of a server has no authority by which an SVID could be verified. */
@AutoService(Rule.class)
public final class ServerBundleUnusable implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.orPassed(
        cluster.installations().stream()
            .flatMap(
                one ->
                    one.installation().answers().stream()
                        .flatMap(said -> judge(cluster, one, said).stream()))
            .toList());
  }

  private Optional<Outcome> judge(ClusterCase cluster, InstallationCase one, ServerAnswers said) {
    TrustBundle bundle = said.bundle().seen().orElse(null);
    if (bundle == null) {
      return said.bundle().missing().map(Outcome.Unknown::new);
    }
    Instant now = cluster.evidence().at();
    Subject subject =
        one.installation().servers().stream()
            .findFirst()
            .map(Subject::of)
            .orElseGet(() -> new Subject("Server", Optional.empty(), said.route().address()));
    if (bundle.x509Authorities().stream().noneMatch(a -> isUsable(a, now))) {
      Finding.Builder finding = cluster.name(one, Finding.error(this, subject, cluster.scope(one)));
      bundle.x509Authorities().forEach(a -> finding.seen(a.subject(), why(a, now)));
      return Optional.of(
          renew(one, finding, "x509")
              .found(
                  "The bundle of "
                      + bundle.trustDomain()
                      + " has no X.509 authority that is valid now, so no SVID of it can be"
                      + " verified"));
    }
    if (bundle.jwtAuthorities().stream().noneMatch(a -> !a.tainted() && !a.expiredAt(now))) {
      Finding.Builder finding =
          cluster.name(one, Finding.warning(this, subject, cluster.scope(one)));
      bundle.jwtAuthorities().forEach(a -> finding.seen("JWT key " + a.keyId(), why(a)));
      return Optional.of(
          renew(one, finding, "jwt")
              .found(
                  "The bundle of "
                      + bundle.trustDomain()
                      + " has no JWT authority that is valid now, so no JWT-SVID of it can be"
                      + " verified"));
    }
    return Optional.empty();
  }

  /** A certificate that cannot be read verifies nothing. */
  private static boolean isUsable(X509Authority authority, Instant now) {
    return !authority.tainted()
        && authority.notBefore().filter(from -> !from.isAfter(now)).isPresent()
        && authority.notAfter().filter(now::isBefore).isPresent();
  }

  private static String why(X509Authority authority, Instant now) {
    if (authority.tainted()) {
      return "tainted";
    }
    return authority.expiredAt(now)
        ? "expired at " + authority.notAfter().map(Instant::toString).orElse("")
        : authority
            .notBefore()
            .map(from -> "valid only from " + from)
            .orElse("the certificate cannot be read");
  }

  private static String why(JwtAuthority authority) {
    return authority.tainted()
        ? "tainted"
        : "expired at " + authority.expiresAt().map(Instant::toString).orElse("");
  }

  private static Finding.Builder renew(InstallationCase one, Finding.Builder finding, String kind) {
    return finding
        .remedy(
            new Remedy.Command(
                "See which authorities the server has, and which one it signs with",
                one.commands().command("localauthority", kind, "show")))
        .remedy(
            new Remedy.Advice(
                "Prepare a new authority and activate it (localauthority "
                    + kind
                    + " prepare, then activate). If the server cannot, read in its log why it does"
                    + " not rotate: an upstream authority that refuses, a key manager or data store"
                    + " that fails, or a clock that is wrong"));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_REFUSED);
  }
}
