package org.spiredoctor.spire;

import java.util.List;
import java.util.Map;

/** A message of the Workload API, reduced to facts that are safe to keep: no key and no token. */
public sealed interface Answer {

  /**
   * X.509-SVIDs in the order of the agent (the first is the default identity).
   *
   * @param bytes size of the message on the wire
   */
  record X509Svids(List<X509SvidFacts> svids, List<BundleFacts> bundles, int bytes)
      implements Answer {}

  /**
   * X.509 bundles by trust domain. That they were sent is all that is asked for; reading their
   * certificates would delay whoever waits for an answer.
   *
   * @param bytes size of the message on the wire
   */
  record X509Bundles(int bytes) implements Answer {}

  /**
   * JWT bundles by trust domain.
   *
   * @param keySets the JSON Web Key Sets themselves: public keys
   */
  record JwtBundles(List<BundleFacts> bundles, Map<String, String> keySets) implements Answer {}

  /** JWT-SVIDs. */
  record JwtSvids(List<JwtSvidFacts> svids) implements Answer {}
}
