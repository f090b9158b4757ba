package org.spiredoctor.diagnosis;

import java.util.Optional;
import org.spiredoctor.identity.EntryMatch;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/**
 * How entries match a pod: by that container for which they match worst.
 *
 * @param home the SPIRE that it gets its identity from
 * @param served a container of the same pod that is served
 * @param others whether the entry that it is about serves pods of another owner
 */
public record PodEntryMatch(
    InstallationCase home,
    Pod pod,
    Container container,
    EntryMatch entryMatch,
    Optional<Container> served,
    boolean others) {

  /** The same, beside a container that is served. */
  PodEntryMatch beside(Optional<Container> whichIsServed) {
    return new PodEntryMatch(home, pod, container, entryMatch, whichIsServed, others);
  }
}
