package org.spiredoctor.evidence.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.kube.Service;

/** Tells the SPIREs of a cluster apart. */
final class Installations {
  private final Map<Name, ServerAnswers> answers;

  /**
   * @param answers of the servers that were asked, by their pods
   */
  Installations(Map<Name, ServerAnswers> answers) {
    this.answers = answers;
  }

  /** Those who belong together. */
  private record Group(List<Component> servers, List<Component> agents) {
    static Group of(List<Component> servers) {
      return new Group(new ArrayList<>(servers), new ArrayList<>());
    }

    boolean isOf(Optional<String> trustDomain) {
      return Stream.concat(servers.stream(), agents.stream())
          .flatMap(component -> component.trustDomain().stream())
          .anyMatch(domain -> trustDomain.filter(domain::equals).isPresent());
    }
  }

  /**
   * What one replica of each server said, if possible one that listed its entries: the others know
   * the same, but for what changed between the answers.
   */
  static Map<Name, ServerAnswers> ofOneReplica(
      List<Component> servers, Map<Name, ServerAnswers> answers) {
    Map<Name, ServerAnswers> one = new LinkedHashMap<>(answers);
    for (Component server : servers) {
      pods(List.of(server)).stream()
          .filter(answers::containsKey)
          .sorted(
              Comparator.comparing((Name pod) -> listsNone(answers.get(pod)))
                  .thenComparing(Name::namespace)
                  .thenComparing(Name::name))
          .skip(1)
          .forEach(one::remove);
    }
    return one;
  }

  private static boolean listsNone(@Nullable ServerAnswers said) {
    return said == null || said.entries().seen().isEmpty();
  }

  /** What servers said that were asked over their API, be they seen or not. */
  Installations overApi() {
    return new Installations(answers(answer -> answer.getValue().route().overApi()));
  }

  /** Without what the pods of some servers said. */
  Installations without(List<Component> some) {
    Set<Name> theirs = pods(some);
    return new Installations(answers(answer -> !theirs.contains(answer.getKey())));
  }

  /**
   * One at least; agents are of the only server unless they look for another, and others do not.
   */
  List<Installation> of(List<Component> all, List<Service> services) {
    return of(
        all.stream().filter(one -> one.role() == Component.Role.SERVER).toList(),
        all.stream().filter(one -> one.role() == Component.Role.AGENT).toList(),
        services);
  }

  private List<Installation> of(
      List<Component> servers, List<Component> agents, List<Service> services) {
    AgentServerPairing pairing = new AgentServerPairing(servers, services);
    if (servers.size() < 2
        && agents.stream().map(pairing::of).map(List::isEmpty).distinct().count() < 2) {
      return List.of(installation(new Group(servers, agents), answers));
    }
    List<Group> groups = new ArrayList<>();
    servers.forEach(server -> groups.add(Group.of(List.of(server))));
    for (Component one : agents) {
      List<Component> its = pairing.of(one);
      Group group = joined(groups, its);
      group.agents().add(one);
    }
    List<Installation> all = new ArrayList<>();
    Set<Name> known = new HashSet<>();
    for (Group group : groups) {
      Map<Name, ServerAnswers> its = of(group, groups);
      known.addAll(its.keySet());
      all.add(installation(group, its));
    }
    // Who points to a server wants what it says, even if it is none of those that are seen.
    Map<Name, ServerAnswers> rest =
        answers(answer -> answer.getValue().route().overApi() && !known.contains(answer.getKey()));
    if (!rest.isEmpty()) {
      all.add(installation(Group.of(List.of()), rest));
    }
    return List.copyOf(all);
  }

  /** The group of these servers: behind one address they are one. */
  private static Group joined(List<Group> groups, List<Component> servers) {
    Group all = Group.of(List.of());
    int place = groups.size();
    for (Group group : List.copyOf(groups)) {
      if (group.servers().stream().anyMatch(servers::contains)) {
        place = Math.min(place, groups.indexOf(group));
        all.servers().addAll(group.servers());
        all.agents().addAll(group.agents());
        groups.remove(group);
      }
    }
    groups.add(place, all);
    return all;
  }

  private static Set<Name> pods(List<Component> components) {
    return components.stream()
        .flatMap(one -> one.pods().stream())
        .map(pod -> new Name(pod.meta().namespace(), pod.meta().name()))
        .collect(Collectors.toSet());
  }

  private Map<Name, ServerAnswers> of(Group group, List<Group> all) {
    Set<Name> pods = pods(group.servers());
    return answers(
        answer ->
            pods.contains(answer.getKey())
                || (answer.getValue().route().overApi() && isOnly(group, answer.getValue(), all)));
  }

  /**
   * A server that was asked over its API is told from others by its trust domain, or not at all.
   */
  private static boolean isOnly(Group group, ServerAnswers said, List<Group> all) {
    return all.stream().filter(one -> one.isOf(said.trustDomain())).toList().equals(List.of(group));
  }

  private Map<Name, ServerAnswers> answers(Predicate<Map.Entry<Name, ServerAnswers>> which) {
    return answers.entrySet().stream()
        .filter(which)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Installation installation(Group group, Map<Name, ServerAnswers> answers) {
    return new Installation(
        List.copyOf(group.servers()),
        List.copyOf(group.agents()),
        joined(answers, ServerAnswers::entries, "list the entries of the SPIRE server"),
        joined(answers, ServerAnswers::agents, "list the agents of the SPIRE server"),
        List.copyOf(answers.values()));
  }

  /** What all servers that answered said; not seen when none did. */
  static <T> Observed<List<T>> joined(
      Map<Name, ServerAnswers> answers,
      Function<ServerAnswers, Observed<List<T>>> part,
      String what) {
    List<Observed<List<T>>> told = answers.values().stream().map(part).toList();
    List<List<T>> seen = told.stream().flatMap(one -> one.seen().stream()).toList();
    if (seen.isEmpty()) {
      return told.isEmpty()
          ? new Observed.Unseen<>(Observed.Reason.ABSENT, what, "no server was asked")
          : told.getLast();
    }
    return new Observed.Seen<>(
        // As a rule there is one, and its list may be long.
        seen.size() == 1 ? seen.getFirst() : seen.stream().flatMap(List::stream).toList());
  }
}
