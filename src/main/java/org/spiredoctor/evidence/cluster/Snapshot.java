package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.kube.Access;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Pod;

/**
 * All that was gathered from a cluster, as it came through the gate: what a bundle holds.
 *
 * @param at when it was gathered
 * @param cluster the API server's address, or how it could not be reached
 * @param objects by kind
 * @param podNamespaces the namespaces whose pods were listed; empty where those of all were
 * @param configMaps of servers and agents, and what those of workloads say of the socket, by
 *     namespace and name
 * @param logs of containers
 * @param servers what SPIRE servers said, by the pod that was asked; by an address without a
 *     namespace where it was not a pod that was asked
 * @param access what SPIRE's own service accounts may do
 */
public record Snapshot(
    Instant at,
    Observed<String> cluster,
    Map<Kind, Observed<List<JsonNode>>> objects,
    Optional<Set<String>> podNamespaces,
    Map<Name, Observed<JsonNode>> configMaps,
    Map<LogOf, Observed<String>> logs,
    Map<Name, ServerAnswers> servers,
    Map<Access, Observed<Boolean>> access) {

  /** One for which nothing was listed of some namespaces only. */
  public Snapshot(
      Instant at,
      Observed<String> cluster,
      Map<Kind, Observed<List<JsonNode>>> objects,
      Map<Name, Observed<JsonNode>> configMaps,
      Map<LogOf, Observed<String>> logs,
      Map<Name, ServerAnswers> servers,
      Map<Access, Observed<Boolean>> access) {
    this(at, cluster, objects, Optional.empty(), configMaps, logs, servers, access);
  }

  /** The same with other objects. */
  Snapshot holding(Map<Kind, Observed<List<JsonNode>>> others) {
    return new Snapshot(at, cluster, others, podNamespaces, configMaps, logs, servers, access);
  }

  /** An object's name. */
  public record Name(String namespace, String name) {}

  /**
   * Whose log.
   *
   * @param previous of the life before this one
   */
  public record LogOf(String namespace, String pod, String container, boolean previous) {
    /** The same. */
    public static LogOf of(Pod pod, String container, boolean previous) {
      return new LogOf(pod.meta().namespace(), pod.meta().name(), container, previous);
    }
  }

  /**
   * What a SPIRE server said.
   *
   * @param route how it was asked
   * @param bundle of its own trust domain
   * @param federated the bundles that it has of others
   * @param relationships where it fetches those from
   * @param version such as {@code 1.15.3}
   */
  public record ServerAnswers(
      ServerRoute route,
      Observed<String> health,
      Observed<List<Agent>> agents,
      Observed<List<Entry>> entries,
      Observed<TrustBundle> bundle,
      Observed<List<TrustBundle>> federated,
      Observed<List<FederationRelationship>> relationships,
      Observed<String> version,
      Observed<ServerInfo> info) {

    /** Its trust domain, as far as what it said tells. */
    public Optional<String> trustDomain() {
      return bundle
          .seen()
          .map(TrustBundle::trustDomain)
          .or(() -> agents.seen().stream().flatMap(List::stream).map(Agent::id).findFirst())
          .map(SpiffeIds::trustDomain);
    }

    /** One that told nothing, for one reason. */
    public static ServerAnswers none(ServerRoute route, Observed.Unseen<?> why) {
      return new ServerAnswers(
          route, why.as(), why.as(), why.as(), why.as(), why.as(), why.as(), why.as(), why.as());
    }
  }

  /** What would have to be seen of a log; empty where it was, was not asked, or is none. */
  public Optional<String> logMissing(LogOf log) {
    return logs.get(log) instanceof Observed.Unseen<String> unseen
            && unseen.reason() != Observed.Reason.ABSENT
        ? unseen.missing()
        : Optional.empty();
  }

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

  /** The objects of a kind; of a cluster that was not seen none are. */
  public Observed<List<JsonNode>> objects(Kind kind) {
    Observed<List<JsonNode>> listed = objects.get(kind);
    if (listed != null) {
      return listed;
    }
    return cluster instanceof Observed.Unseen<String> unseen
        ? unseen.as()
        : new Observed.Unseen<>(Observed.Reason.NOT_ASKED, "list " + kind.plural(), "not asked");
  }

  /** Whether an object of a kind is known by this name. */
  public boolean named(Kind kind, String name) {
    return objects(kind).seen().orElse(List.of()).stream()
        .anyMatch(object -> object.path("metadata").path("name").asText().equals(name));
  }
}
