package org.spiredoctor.diagnosis;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * How far a finding reaches: what it can explain, or be explained by.
 *
 * @param installations the SPIREs that it concerns, one as a rule; empty only for what concerns the
 *     whole cluster, whichever SPIRE a pod belongs to
 * @param nodes on which alone it matters; empty for all
 * @param pods which alone it concerns, as {@code namespace/name}; empty for all
 */
public record Scope(Set<String> installations, Set<String> nodes, Set<String> pods) {
  /** The whole cluster, with every SPIRE in it. */
  public static final Scope CLUSTER = new Scope(Set.of(), Set.of(), Set.of());

  /** The pod, or the place outside a pod, from which all of the evidence was taken. */
  public static final Scope HERE = CLUSTER;

  /** Which SPIRE it concerns is not known: it explains nothing that belongs to a known one. */
  static final String UNKNOWN_INSTALLATION = "unknown";

  /** Copies the sets. */
  public Scope {
    installations = Set.copyOf(installations);
    nodes = Set.copyOf(nodes);
    pods = Set.copyOf(pods);
  }

  /** All of one SPIRE. */
  static Scope installation(String name) {
    return new Scope(Set.of(name), Set.of(), Set.of());
  }

  /** The part of it that is on these nodes. */
  public Scope onNodes(Set<String> names) {
    return new Scope(installations, names, pods);
  }

  /** The part of it that these pods are, as {@code namespace/name}. */
  public Scope ofPods(Set<String> names) {
    return new Scope(installations, nodes, names);
  }

  /**
   * Whether a cause of this scope can explain a consequence of another: of the same SPIRE, and with
   * a node and a pod in common.
   */
  public boolean covers(Scope other) {
    return (installations.isEmpty() || !Collections.disjoint(installations, other.installations))
        && overlap(nodes, other.nodes)
        && overlap(pods, other.pods);
  }

  /** Whether it covers the whole of another, not only some of its nodes or pods. */
  boolean coversAll(Scope other) {
    // By its pods; they need no node yet.
    boolean named = !other.pods.isEmpty() && !pods.isEmpty();
    return holdsPodsOf(other) && (named || holds(nodes, other.nodes)) && covers(other);
  }

  /** What is known of a node only may be about any pod on it. */
  private boolean holdsPodsOf(Scope other) {
    boolean ofNode = other.pods.isEmpty() && !other.nodes.isEmpty() && !nodes.isEmpty();
    return ofNode || holds(pods, other.pods);
  }

  /** Whether scopes, each of which covers something of this one, cover all of it together. */
  boolean isCoveredBy(Collection<Scope> parts) {
    Set<String> onNodes = new HashSet<>();
    Set<String> ofPods = new HashSet<>();
    for (Scope part : parts) {
      if (part.holdsPodsOf(this)) {
        onNodes.addAll(part.nodes);
      } else {
        ofPods.addAll(part.pods);
      }
    }
    return (!nodes.isEmpty() && onNodes.containsAll(nodes))
        || (!pods.isEmpty() && ofPods.containsAll(pods));
  }

  /** None named are all. */
  private static boolean holds(Set<String> these, Set<String> those) {
    return these.isEmpty()
        || (!those.isEmpty() && these.size() >= those.size() && these.containsAll(those));
  }

  private static boolean overlap(Set<String> these, Set<String> those) {
    if (these.isEmpty() || those.isEmpty()) {
      return true;
    }
    boolean fewer = these.size() < those.size();
    Set<String> all = fewer ? those : these;
    return (fewer ? these : those).stream().anyMatch(all::contains);
  }
}
