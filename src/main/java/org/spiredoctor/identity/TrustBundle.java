package org.spiredoctor.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A trust domain's bundle, as a SPIRE server holds it (types.Bundle of SPIRE's API): what its SVIDs
 * are verified with, without the keys.
 *
 * @param trustDomain such as {@code example.org}
 * @param sequenceNumber grows with each change
 * @param refreshHint how often it should be fetched anew; absent when there is no hint
 */
public record TrustBundle(
    String trustDomain,
    List<X509Authority> x509Authorities,
    List<JwtAuthority> jwtAuthorities,
    long sequenceNumber,
    Optional<Duration> refreshHint) {

  /**
   * A certificate authority.
   *
   * @param subject its distinguished name, or why the certificate cannot be read
   * @param notBefore absent when the certificate cannot be read
   * @param notAfter absent when the certificate cannot be read
   * @param sha256 of the certificate's DER, in small hexadecimal digits
   * @param tainted whether it must no longer be trusted
   */
  public record X509Authority(
      String subject,
      Optional<Instant> notBefore,
      Optional<Instant> notAfter,
      String sha256,
      boolean tainted) {

    /** Whether its time was over. */
    public boolean expiredAt(Instant time) {
      return notAfter.isPresent() && !notAfter.get().isAfter(time);
    }
  }

  /**
   * A key that signs JWT-SVIDs.
   *
   * @param expiresAt absent when it does not expire
   * @param tainted whether it must no longer be trusted
   */
  public record JwtAuthority(String keyId, Optional<Instant> expiresAt, boolean tainted) {

    /** Whether its time was over. */
    public boolean expiredAt(Instant time) {
      return expiresAt.isPresent() && !expiresAt.get().isAfter(time);
    }
  }
}
