package org.spiredoctor.identity;

import java.util.Collection;
import java.util.List;

/**
 * The agents any of which might be the one that serves a pod: the server does not show of every
 * agent on which node it is.
 *
 * @param agents of which one serves the pod
 * @param perhapsNone whether the pod's agent might be none of them, and not attested
 * @param attested whether the server gives them entries; else they stand for an agent that is not
 *     attested, or is banned or expired
 */
public record Candidates(List<Agent> agents, boolean perhapsNone, boolean attested) {

  /** Agents one of which serves the pod. */
  public static Candidates of(Collection<Agent> agents) {
    return new Candidates(List.copyOf(agents), false, true);
  }

  /** Agents of which none is given entries at this time. */
  public static Candidates unattested(Collection<Agent> agents) {
    return new Candidates(List.copyOf(agents), false, false);
  }
}
