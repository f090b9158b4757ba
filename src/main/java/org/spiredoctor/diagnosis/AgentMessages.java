package org.spiredoctor.diagnosis;

/**
 * What agents write of the processes that call them (SPIRE, pkg/agent/endpoints,
 * pkg/agent/attestor).
 */
public final class AgentMessages {
  /** An agent found the selectors of a process. */
  public static final String ATTESTED = "PID attested to have selectors";

  /** No entry matches a process. */
  public static final String DENIED = "No identity issued";

  /** A process was given an X.509-SVID. */
  public static final String SERVED_X509 = "Fetched X.509 SVID";

  /** A process was given a JWT-SVID. */
  public static final String SERVED_JWT = "Fetched JWT SVID";

  private AgentMessages() {}
}
