package org.spiredoctor.spire;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Path validation of an X.509-SVID (X.509-SVID specification, section 5.2). It is done at a moment
 * when the leaf was valid, so that an expired SVID is called expired and not untrusted: whether it
 * is valid <em>now</em> is another question.
 */
final class ChainCheck {
  private ChainCheck() {}

  /** Why the chain does not lead to one of the authorities, or nothing. */
  static Optional<String> flaw(List<X509Certificate> chain, X509Authorities authorities) {
    if (authorities.count() == 0) {
      return Optional.of("its trust domain's bundle holds no authority");
    }
    if (authorities.issuers().isEmpty()) {
      return Optional.of("none of the authorities in its trust domain's bundle issued it");
    }
    try {
      Set<TrustAnchor> anchors = new HashSet<>();
      authorities.issuers().forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(insideValidity(chain.getFirst())));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Now if the leaf is valid now, else the moment nearest to it at which it is. */
  private static Instant insideValidity(X509Certificate leaf) {
    Instant now = Instant.now();
    Instant first = leaf.getNotBefore().toInstant();
    Instant last = leaf.getNotAfter().toInstant();
    return now.isBefore(first) ? first : now.isAfter(last) ? last : now;
  }
}
