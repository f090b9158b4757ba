package org.spiredoctor.identity;

import java.util.List;
import java.util.Set;

/**
 * How the entries of a server match a container, and whether one of them is served to it.
 *
 * @param kind whether it is served, or else why not
 * @param selectors that the agent would see
 * @param entries those that it is served, or those that the kind speaks of, the likeliest first
 * @param differences what keeps the first of them away
 */
public record EntryMatch(
    Kind kind, Set<Selector> selectors, List<Entry> entries, List<Difference> differences) {

  /** Whether an identity is served, and if not, why. The first are nearest to being served. */
  public enum Kind {
    SERVED,
    /** Matches and leads here, as far as a pod tells: the rest only the agent sees. */
    UNTOLD,
    /** Matches, and leads to some of the agents that may be the pod's, but not to all. */
    AGENT_UNKNOWN,
    /** Matches, and leads here once the agent of the node is attested. */
    NOT_ATTESTED,
    /** Matches and leads here, and its time is over: served until the server deletes it. */
    EXPIRED,
    /** Matches and leads here, and goes to a store. */
    STORED,
    /** Matches, and its parent is an alias that this agent does not have. */
    PARENT_ALIAS_MISSING,
    /** Matches, and its parent is no agent, or another one. */
    PARENT_UNKNOWN,
    /** Matches, and is of another trust domain. */
    FOREIGN,
    /** Another container of the pod would be served. */
    CONTAINER_SCOPED,
    /** All fits but the number of containers. */
    IMAGE_COUNT_CHANGED,
    /** All fits but the tag or digest of an image. */
    IMAGE_CHANGED,
    /** An entry was probably meant, and does not fit. */
    SELECTOR_MISMATCH,
    /** No entry is near. */
    MISSING
  }

  /** Whether an identity is served. */
  public boolean served() {
    return kind == Kind.SERVED;
  }

  /** Whether no identity is served, whatever the process is like and whichever its agent is. */
  public boolean deniedForSure() {
    return switch (kind) {
      case SERVED, UNTOLD, AGENT_UNKNOWN -> false;
      default -> true;
    };
  }

  /** The entry that it is about. */
  public Entry entry() {
    return entries.getFirst();
  }
}
