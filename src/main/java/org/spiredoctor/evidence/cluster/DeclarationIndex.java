package org.spiredoctor.evidence.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.spiredoctor.kube.Pod;

/** ClusterSPIFFEIDs by a label that they ask for, so that not each is tried on each pod. */
final class DeclarationIndex {
  private record Placed(int at, ClusterSpiffeId id) {}

  private final Map<Map.Entry<String, String>, List<Placed>> byLabel = new HashMap<>();
  private final List<Placed> others = new ArrayList<>();

  DeclarationIndex(List<ClusterSpiffeId> all) {
    for (int at = 0; at < all.size(); at++) {
      Placed placed = new Placed(at, all.get(at));
      placed.id().pods().path("matchLabels").properties().stream()
          .findFirst()
          .map(label -> Map.entry(label.getKey(), label.getValue().asText()))
          .map(label -> byLabel.computeIfAbsent(label, _ -> new ArrayList<>(1)))
          .orElse(others)
          .add(placed);
    }
  }

  /** Those that may select a pod, in the order in which they were listed. */
  Stream<ClusterSpiffeId> candidates(Pod pod) {
    return Stream.concat(
            others.stream(),
            pod.meta().labels().entrySet().stream()
                .flatMap(label -> byLabel.getOrDefault(label, List.of()).stream()))
        .sorted(Comparator.comparingInt(Placed::at))
        .map(Placed::id);
  }
}
