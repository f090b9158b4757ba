package org.spiredoctor.identity;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterScene;

/** Entries, agents and selectors for tests. */
final class Some {
  static final String SERVER = "spiffe://example.org/spire/server";
  static final String AGENT = "spiffe://example.org/spire/agent/k8s_psat/demo/1";

  private Some() {}

  static Set<Selector> selectors(String... texts) {
    return Stream.of(texts)
        .map(Selector::parse)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  static Entry entry(String id, String... selectors) {
    return ClusterScene.entry(id, "spiffe://example.org/" + id, AGENT, selectors);
  }

  static Entry child(String id, String spiffeId, String parentId, String... selectors) {
    return ClusterScene.entry(id, spiffeId, parentId, selectors);
  }

  static Agent agent(String id, Set<Selector> selectors) {
    return new Agent(id, "k8s_psat", selectors, false, true, Optional.empty(), Optional.empty());
  }

  /** Up to so many selectors from a few namespaces, accounts and labels, so that many are alike. */
  static Set<Selector> random(RandomGenerator random, int most) {
    Set<Selector> selectors = new LinkedHashSet<>();
    int count = random.nextInt(most + 1);
    for (int i = 0; i < count; i++) {
      selectors.add(
          Selector.k8s(
              switch (random.nextInt(4)) {
                case 0 -> "ns:n" + random.nextInt(4);
                case 1 -> "sa:s" + random.nextInt(4);
                case 2 -> "pod-label:app:a" + random.nextInt(6);
                default -> "pod-label:tier:t" + random.nextInt(3);
              }));
    }
    return selectors;
  }

  static String[] texts(Set<Selector> selectors) {
    return selectors.stream().map(Selector::toString).toArray(String[]::new);
  }
}
