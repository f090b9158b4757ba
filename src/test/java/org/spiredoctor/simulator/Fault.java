package org.spiredoctor.simulator;

import java.util.Locale;

/** What a simulated agent does wrong. Texts are those of SPIRE 1.13.0 and 1.15.3. */
public enum Fault {
  /** Nothing: an identity is served. */
  NONE,
  /** No entry fits. */
  NO_IDENTITY,
  /** No entry fits until the delay has passed. */
  LATE_IDENTITY,
  /** The answer comes after the delay. */
  SLOW,
  /** Every attestor failed. */
  ATTESTATION_FAILED,
  RATE_LIMITED,
  /** As if a proxy had stripped the header. */
  HEADER_MISSING,
  /** gVisor's other process. */
  CALLER_CHANGED,
  DUPLICATE_CONTAINER,
  /** A status that nobody knows. */
  INTERNAL,
  /** A gRPC server without a Workload API, as the SPIRE server's socket is. */
  UNIMPLEMENTED,
  /** The stream ends without a message. */
  ENDS_EARLY,
  /** The connection is reset in the middle of the call. */
  RESET,
  /** The call is accepted and never answered. */
  NO_ANSWER,
  /** Connections are accepted, and not a byte comes back. */
  SILENT,
  /** What comes back is not HTTP/2. */
  GARBAGE,
  /** Connections are accepted and closed, as an agent without hostPID does. */
  HANG_UP,
  /** The SVID has expired. */
  EXPIRED,
  /** The SVID has expired; after the delay a fresh one comes on the same stream. */
  RENEWED,
  /** The SVID is not valid yet. */
  FUTURE,
  /** The SVID is of another trust domain. */
  FOREIGN,
  /** The SVID is not signed by the bundle's authority. */
  UNTRUSTED,
  /** The key is not the certificate's. */
  KEY_MISMATCH,
  /** The certificate is no certificate. */
  MALFORMED,
  /** The bundle is over what clients accept. */
  HUGE_BUNDLE,
  /** The bundle is so large that whoever reads it runs out of memory: 40 MiB. */
  ENORMOUS_BUNDLE,
  /** Two identities, without hints. */
  AMBIGUOUS,
  /** Hostile text in a status. */
  HOSTILE_TEXT,
  /** The JWT-SVID is for another audience. */
  WRONG_AUDIENCE;

  /** Reads {@code no-identity} as well as {@code NO_IDENTITY}. */
  static Fault of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
