package org.spiredoctor.diagnosis;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/**
 * How far a finding reaches: what it may explain, or be explained by.
 *
 * @param node on which alone it matters
 * @param pods which alone it concerns, as {@code namespace/name}; empty for all
 */
public record Scope(Optional<String> node, Set<String> pods) {
  /** All there is. */
  public static final Scope EVERYWHERE = new Scope(Optional.empty(), Set.of());

  /** One node. */
  public static Scope node(String name) {
    return new Scope(Optional.of(name), Set.of());
  }

  /** Whether a cause of this scope can explain something of another. */
  boolean covers(Scope other) {
    boolean nodes = node.isEmpty() || other.node.isEmpty() || node.equals(other.node);
    boolean shared =
        pods.isEmpty() || other.pods.isEmpty() || !Collections.disjoint(pods, other.pods);
    return nodes && shared;
  }
}
