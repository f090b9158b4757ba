package org.spiredoctor.wait;

import io.spiffe.spiffeid.SpiffeId;
import io.spiffe.spiffeid.TrustDomain;
import java.util.Optional;

/** What is waited for. */
public sealed interface Goal {

  /** A socket lies at the path. */
  record Socket() implements Goal {}

  /** An agent answers a call of the Workload API, be it with "no identity issued". */
  record Serving() implements Goal {}

  /**
   * A valid X.509-SVID is served.
   *
   * @param id which; any when absent
   * @param trustDomain of which trust domain; of any when absent
   */
  record Identity(Optional<SpiffeId> id, Optional<TrustDomain> trustDomain) implements Goal {}
}
