package org.spiredoctor.evidence.cluster;

import org.spiredoctor.kube.Kind;

/** How much of a cluster is looked at. */
public enum Scope {
  /** All that may explain a fault. */
  EVERYTHING,

  /**
   * What tells which entries to create and whom they serve: no events and no logs, and of a server
   * only its entries, its agents and the bundles that it has of other trust domains.
   */
  REGISTRATION,

  /** The same without those bundles. */
  ENTRIES;

  boolean explains() {
    return this == EVERYTHING;
  }

  boolean federates() {
    return this != ENTRIES;
  }

  boolean lists(Kind kind) {
    return explains() || kind != Kind.EVENT;
  }
}
