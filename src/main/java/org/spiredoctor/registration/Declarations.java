package org.spiredoctor.registration;

import java.util.List;
import java.util.Optional;

/**
 * Which entries there shall be: those in files, or else those of an integration test.
 *
 * @param inFiles what files declare, if there are any
 * @param namespace of the workloads of an integration test
 * @param serviceAccount of these workloads
 */
public record Declarations(
    Optional<List<Declared>> inFiles, String namespace, String serviceAccount) {

  /** The entries in a trust domain; those in files name it themselves. */
  public List<Declared> in(String trustDomain) {
    return inFiles.orElseGet(() -> TestEntries.of(trustDomain, namespace, serviceAccount));
  }

  /** Whether one of them is given the bundle of another trust domain. */
  public boolean federate() {
    return inFiles.stream()
        .flatMap(List::stream)
        .anyMatch(one -> !one.entry().federatesWith().isEmpty());
  }
}
