package org.spiredoctor.evidence.cluster;

import org.spiredoctor.kube.Kind;

/** How much of a cluster is looked at. */
public enum Scope {
  /** All that might explain a fault, and what a server reports about itself. */
  EVERYTHING,

  /**
   * What rules read: of a server neither its version nor where it fetches bundles from, and the
   * bundles of other trust domains only where entries federate.
   */
  VERDICT,

  /**
   * What tells which entries to create and whom they serve: no events and no logs, and of a server
   * only its entries, its agents and the bundles that it has of other trust domains.
   */
  REGISTRATION,

  /** The same without those bundles. */
  ENTRIES;

  boolean explains() {
    return this == EVERYTHING || this == VERDICT;
  }

  boolean describes() {
    return this == EVERYTHING;
  }

  /** Whether the bundles of other trust domains are wanted, whoever federates with them. */
  boolean federates() {
    return this == EVERYTHING || this == REGISTRATION;
  }

  boolean lists(Kind kind) {
    return explains() || kind != Kind.EVENT;
  }
}
