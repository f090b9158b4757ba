package org.spiredoctor.identity;

/** Whether it shows from outside if a workload has a selector. */
public enum Visibility {
  /** The pod's objects show it: a workload has it, or does not. */
  SEEN,
  /** Only the agent sees it: neither a match nor a mismatch. */
  HIDDEN,
  /** The agents never compute it, as they are configured: no workload has it. */
  NEVER
}
