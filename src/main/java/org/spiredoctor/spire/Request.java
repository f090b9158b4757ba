package org.spiredoctor.spire;

import java.util.Map;

/**
 * A call of the <a
 * href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_API.md">SPIFFE
 * Workload API</a>.
 */
public sealed interface Request {

  /** {@code FetchX509SVID}: identities with their keys; the keys are checked and dropped. */
  record X509Svids() implements Request {}

  /** {@code FetchX509Bundles}: bundles alone; no key is sent. */
  record X509Bundles() implements Request {}

  /** {@code FetchJWTBundles}. */
  record JwtBundles() implements Request {}

  /**
   * {@code FetchJWTSVID} for one audience.
   *
   * @param keySets by trust domain, from {@link Answer.JwtBundles}, to verify the token with
   */
  record JwtSvid(String audience, Map<String, String> keySets) implements Request {}

  /** The name of the method, as the agent's log writes it. */
  default String method() {
    return switch (this) {
      case X509Svids _ -> "FetchX509SVID";
      case X509Bundles _ -> "FetchX509Bundles";
      case JwtBundles _ -> "FetchJWTBundles";
      case JwtSvid _ -> "FetchJWTSVID";
    };
  }
}
