package org.spiredoctor.diagnosis;

import java.util.Optional;
import org.spiredoctor.evidence.Evidence;

/**
 * What a finding is about.
 *
 * @param kind such as {@code Pod}, or {@code Endpoint} outside a pod
 * @param namespace of a namespaced object
 * @param name of the object
 */
public record Subject(String kind, Optional<String> namespace, String name) {

  /** The place from which the evidence was taken: this pod, or the endpoint outside of one. */
  public static Subject here(Evidence evidence) {
    return evidence.surroundings().inPod()
        ? new Subject(
            "Pod", evidence.surroundings().namespace(), evidence.surroundings().hostname())
        : new Subject("Endpoint", Optional.empty(), evidence.asked().address().text());
  }

  /** {@code Pod apps/web-0}. */
  public String inWords() {
    return kind + " " + namespace.map(ns -> ns + "/").orElse("") + name;
  }
}
