package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Access;
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
 * @param access what SPIRE's own service accounts may do
 */
public record Snapshot(
    Instant at,
    Observed<String> cluster,
    Map<Kind, Observed<List<JsonNode>>> objects,
    Map<Name, Observed<JsonNode>> configMaps,
    Map<LogOf, Observed<String>> logs,
    Map<Name, ServerAnswers> servers,
    Map<Access, Observed<Boolean>> access) {

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

  /** Whether it is known that a service account may not do something. */
  public boolean denied(Access question) {
    Observed<Boolean> answer = access.get(question);
    return answer != null && answer.seen().filter(allowed -> !allowed).isPresent();
  }

  /** Whether it is known that a service account may do something. */
  public boolean allowed(Access question) {
    Observed<Boolean> answer = access.get(question);
    return answer != null && answer.seen().filter(allowed -> allowed).isPresent();
  }

  /** The objects of a kind. */
  public Observed<List<JsonNode>> objects(Kind kind) {
    return objects.getOrDefault(
        kind,
        new Observed.Unseen<>(Observed.Reason.NOT_ASKED, "list " + kind.plural(), "not asked"));
  }
}
