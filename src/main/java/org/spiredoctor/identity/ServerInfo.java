package org.spiredoctor.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a SPIRE server tells of itself (Debug.GetInfo of SPIRE's API).
 *
 * @param uptime how long it runs
 * @param svidChain its own SVID, then the authorities over it
 */
public record ServerInfo(Duration uptime, List<Certificate> svidChain) {

  /**
   * A certificate of the chain.
   *
   * @param id its SPIFFE ID
   */
  public record Certificate(String id, String subject, Optional<Instant> expiresAt) {}
}
