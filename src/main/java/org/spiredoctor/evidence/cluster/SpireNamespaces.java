package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.PodOwner;

/** Where SPIRE is, as told by what makes its pods: so little is listed before them. */
final class SpireNamespaces {
  private SpireNamespaces() {}

  /**
   * The namespaces of all that may be a part of SPIRE.
   *
   * @param owners what makes pods
   * @param named where SPIRE is by the user's word
   * @return empty unless servers and agents are among them: what runs otherwise, be it as bare
   *     pods, is found among the pods of all namespaces only
   */
  static Optional<Set<String>> of(
      Map<Kind, Observed<List<JsonNode>>> owners, Optional<String> named) {
    if (owners.values().stream().anyMatch(listed -> listed.seen().isEmpty())) {
      return Optional.empty();
    }
    List<PodOwner> all = ReadObjects.owners(kind -> Objects.requireNonNull(owners.get(kind)));
    // Whose configuration is not seen yet counts as what it may be.
    Discovery discovery = new Discovery(List.of(), all, (_, _) -> Optional.empty());
    boolean complete =
        Stream.of(Component.Role.SERVER, Component.Role.AGENT)
            .allMatch(role -> !discovery.find(role).isEmpty());
    if (!complete) {
      return Optional.empty();
    }
    Set<String> namespaces = new TreeSet<>();
    named.ifPresent(namespaces::add);
    all.stream()
        .filter(owner -> discovery.isSpire(owner.meta().namespace(), owner.template()))
        .forEach(owner -> namespaces.add(owner.meta().namespace()));
    return Optional.of(namespaces);
  }
}
