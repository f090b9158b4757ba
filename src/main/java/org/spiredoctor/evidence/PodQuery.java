package org.spiredoctor.evidence;

import io.spiffe.spiffeid.SpiffeId;
import io.spiffe.spiffeid.TrustDomain;
import java.util.List;
import java.util.Optional;

/**
 * What the user wants to be true.
 *
 * @param address where the Workload API should be
 * @param spiffeId the identity that is expected
 * @param trustDomain the trust domain that is expected
 * @param audience of a JWT-SVID that should be had
 * @param federatesWith trust domains whose bundles should be served too
 */
public record PodQuery(
    Address address,
    Optional<SpiffeId> spiffeId,
    Optional<TrustDomain> trustDomain,
    Optional<String> audience,
    List<TrustDomain> federatesWith) {

  /** Only an address, and no further wishes. */
  public static PodQuery of(Address address) {
    return new PodQuery(address, Optional.empty(), Optional.empty(), Optional.empty(), List.of());
  }
}
