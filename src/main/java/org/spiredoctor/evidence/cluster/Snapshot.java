package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;

/**
 * All that was gathered from a cluster, as it came through the gate: what a bundle holds.
 *
 * @param at when it was gathered
 * @param cluster the API server's address, or how it could not be reached
 * @param objects by kind
 * @param configMaps of servers and agents, by namespace and name
 * @param logs of containers
 * @param servers what SPIRE servers said, by the pod that was asked
 */
public record Snapshot(
    Instant at,
    Observed<String> cluster,
    Map<Kind, Observed<List<JsonNode>>> objects,
    Map<Name, Observed<JsonNode>> configMaps,
    Map<LogOf, Observed<String>> logs,
    Map<Name, ServerAnswers> servers) {

  /** An object's name. */
  public record Name(String namespace, String name) {}

  /**
   * Whose log.
   *
   * @param previous of the life before this one
   */
  public record LogOf(String namespace, String pod, String container, boolean previous) {}

  /** What a SPIRE server said. */
  public record ServerAnswers(
      Observed<String> health, Observed<List<Agent>> agents, Observed<List<Entry>> entries) {}

  /** The objects of a kind. */
  public Observed<List<JsonNode>> objects(Kind kind) {
    return objects.getOrDefault(
        kind,
        new Observed.Unseen<>(Observed.Reason.NOT_ASKED, "list " + kind.plural(), "not asked"));
  }

  /** Whether an object of a kind is known by this name. */
  public boolean named(Kind kind, String name) {
    return objects(kind).seen().orElse(List.of()).stream()
        .anyMatch(object -> object.path("metadata").path("name").asText().equals(name));
  }
}
