package org.spiredoctor.identity;

import java.util.Optional;

/**
 * Where a SPIRE server fetches the bundle of a foreign trust domain from
 * (types.FederationRelationship of SPIRE's API).
 *
 * @param trustDomain the foreign one
 * @param bundleEndpointUrl without user and password
 * @param endpointSpiffeId who must answer there, of {@link Profile#HTTPS_SPIFFE}
 */
public record FederationRelationship(
    String trustDomain,
    String bundleEndpointUrl,
    Profile profile,
    Optional<String> endpointSpiffeId) {

  /** How the endpoint proves who it is. */
  public enum Profile {
    /** With a certificate of the public web. */
    HTTPS_WEB,
    /** With an X.509-SVID. */
    HTTPS_SPIFFE,
    /** In a way that is not known here. */
    OTHER
  }
}
