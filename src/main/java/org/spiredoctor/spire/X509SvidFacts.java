package org.spiredoctor.spire;

import java.time.Instant;
import java.util.Optional;

/**
 * What an X.509-SVID says, without its key.
 *
 * @param id the SPIFFE ID as the agent gave it
 * @param hint the entry's hint, empty when it has none
 * @param validity of the leaf; absent when the certificate does not parse
 * @param malformed why it is no X.509-SVID: it does not parse, breaks a rule of the X.509-SVID
 *     specification, or its key does not belong to it
 * @param untrusted why it does not chain up to the bundle that came with it
 */
public record X509SvidFacts(
    String id,
    String hint,
    Optional<Validity> validity,
    Optional<String> malformed,
    Optional<String> untrusted) {

  /** Whether a peer would accept it at that moment. */
  public boolean soundAt(Instant moment) {
    return malformed.isEmpty()
        && untrusted.isEmpty()
        && validity
            .filter(v -> !moment.isBefore(v.notBefore()) && !moment.isAfter(v.notAfter()))
            .isPresent();
  }

  /** From when until when a certificate or token holds. */
  public record Validity(Instant notBefore, Instant notAfter) {}
}
