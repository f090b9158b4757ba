package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Snapshot.Name;

/** What {@link ClusterGathering} holds of the config maps of a cluster that was made up. */
public final class ConfigMapGate {
  private ConfigMapGate() {}

  /** The snapshot with what would have been kept of its config maps. */
  public static Snapshot through(Snapshot raw, ClusterQuery query) {
    Set<Name> spire =
        ClusterGathering.components(ClusterEvidence.of(with(raw, Map.of()), query)).stream()
            .flatMap(
                one ->
                    one.specimen().stream()
                        .flatMap(pod -> Discovery.configMaps(pod).stream())
                        .map(name -> new Name(one.namespace(), name)))
            .collect(Collectors.toSet());
    Map<Name, Observed<JsonNode>> kept = kept(raw, spire, SpireSettings::kept);
    Snapshot known = with(raw, kept);
    Set<Name> addresses = Set.copyOf(AddressFiles.toRead(ClusterEvidence.of(known, query)));
    kept(raw, addresses, AddressFiles::kept).forEach(kept::putIfAbsent);
    return known;
  }

  private static Map<Name, Observed<JsonNode>> kept(
      Snapshot raw, Set<Name> names, UnaryOperator<JsonNode> gate) {
    Map<Name, Observed<JsonNode>> kept = new HashMap<>();
    raw.configMaps()
        .forEach(
            (name, map) -> {
              if (names.contains(name)) {
                kept.put(
                    name,
                    map instanceof Seen<JsonNode>(JsonNode seen)
                        ? new Seen<>(gate.apply(seen))
                        : map);
              }
            });
    return kept;
  }

  private static Snapshot with(Snapshot raw, Map<Name, Observed<JsonNode>> configMaps) {
    return new Snapshot(
        raw.at(),
        raw.cluster(),
        raw.objects(),
        raw.podNamespaces(),
        configMaps,
        raw.logs(),
        raw.servers(),
        raw.access());
  }
}
