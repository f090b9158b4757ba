package org.spiredoctor.diagnosis;

import java.util.Optional;
import org.spiredoctor.identity.Standing;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/**
 * How a pod stands: by that container of it which stands worst.
 *
 * @param home the SPIRE that it gets its identity from
 * @param served a container of the same pod that is served
 * @param others whether the entry that it is about serves pods of another maker
 */
public record PodStanding(
    InstallationCase home,
    Pod pod,
    Container container,
    Standing standing,
    Optional<Container> served,
    boolean others) {

  /** The same, beside a container that is served. */
  PodStanding beside(Optional<Container> whichIsServed) {
    return new PodStanding(home, pod, container, standing, whichIsServed, others);
  }
}
