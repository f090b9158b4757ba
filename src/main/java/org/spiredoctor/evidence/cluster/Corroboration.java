package org.spiredoctor.evidence.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Node;
import org.spiredoctor.kube.Pod;

/**
 * Separates SPIRE from what only calls itself SPIRE.
 *
 * <p>Whoever may create objects in one namespace can write a server, its Service, agents, and all
 * their configuration there, and can let them agree with each other. So the unit of trust is the
 * namespace, and nothing that can be written in a namespace corroborates that namespace. What does:
 *
 * <ol>
 *   <li>The user names it with {@code --spire-namespace}.
 *   <li>The API server says that the service account has rights in the whole cluster, which nobody
 *       can grant from within a namespace: agents may list pods through the kubelet, a server may
 *       review tokens and get nodes.
 *   <li>A corroborated server lists attested agents of the namespace on the nodes of this cluster:
 *       it had their tokens reviewed. Or its configuration allows a service account of the
 *       namespace.
 *   <li>Corroborated agents look for their server in the namespace.
 *   <li>Where none of these is known: no other SPIRE of the usual shape runs, see {@link
 *       UsualShape}.
 * </ol>
 *
 * <p>Whoever may write in a corroborated namespace can change SPIRE itself, so everything there
 * counts as corroborated. What a server answers is worth as much as the server: answers of one that
 * is not corroborated corroborate nothing.
 */
final class Corroboration {
  private final List<Component> servers;
  private final List<Component> agents;
  private final AgentServerPairing pairing;
  private final Snapshot snapshot;
  private final Map<String, Node> nodes;
  private final Map<String, String> reasons = new LinkedHashMap<>();

  private Corroboration(
      List<Component> servers,
      List<Component> agents,
      AgentServerPairing pairing,
      Snapshot snapshot,
      Map<String, Node> nodes) {
    this.servers = servers;
    this.agents = agents;
    this.pairing = pairing;
    this.snapshot = snapshot;
    this.nodes = nodes;
  }

  /**
   * Why each namespace that is corroborated is. Empty when there are several candidates, and
   * nothing shows which are SPIRE.
   *
   * @param named the namespace that the user names
   */
  static Map<String, String> of(
      List<Component> servers,
      List<Component> agents,
      AgentServerPairing pairing,
      Snapshot snapshot,
      Map<String, Node> nodes,
      Optional<String> named) {
    Corroboration it = new Corroboration(servers, agents, pairing, snapshot, nodes);
    named.ifPresent(namespace -> it.add(namespace, "it is named by --spire-namespace"));
    it.granted();
    it.answersOverApi();
    if (named.isEmpty() && it.all().noneMatch(it::holds)) {
      new UsualShape(servers, agents, pairing)
          .only()
          .forEach(
              one ->
                  it.add(one.namespace(), "no other SPIRE of the usual shape runs in the cluster"));
    }
    it.spread();
    it.only();
    it.spread();
    return it.reasons;
  }

  private Stream<Component> all() {
    return Stream.concat(servers.stream(), agents.stream());
  }

  private boolean holds(Component component) {
    return reasons.containsKey(component.namespace());
  }

  private boolean add(String namespace, String reason) {
    return reasons.putIfAbsent(namespace, reason) == null;
  }

  private void granted() {
    all()
        .forEach(
            one ->
                one.specimen().stream()
                    .filter(pod -> Rights.mark(one, pod, snapshot))
                    .forEach(
                        pod ->
                            add(
                                one.namespace(),
                                "only a cluster administrator can have given the service account "
                                    + Rights.account(one, pod)
                                    + " its rights in the whole cluster")));
  }

  /** The user said where this server is. */
  private void answersOverApi() {
    List<ServerAnswers> answers =
        snapshot.servers().values().stream().filter(said -> said.route().overApi()).toList();
    agents.stream()
        .filter(one -> answers.stream().anyMatch(said -> lists(said, one)))
        .forEach(one -> add(one.namespace(), "the server that was asked lists agents of it"));
  }

  /** From servers to the agents that they know, and from agents to where they look for a server. */
  private void spread() {
    boolean more = true;
    while (more) {
      more = false;
      for (Component server : servers.stream().filter(this::holds).toList()) {
        for (Component one : agents) {
          more |= knows(server, one).map(why -> add(one.namespace(), why)).orElse(false);
        }
      }
      for (Component one : agents.stream().filter(this::holds).toList()) {
        for (String namespace : pairing.namespaces(one)) {
          more |= add(namespace, "the agents of " + one.inWords() + " look for their server in it");
        }
      }
    }
  }

  private Optional<String> knows(Component server, Component one) {
    boolean listed =
        server.pods().stream()
            .map(pod -> snapshot.servers().get(new Name(pod.meta().namespace(), pod.meta().name())))
            .anyMatch(said -> said != null && lists(said, one));
    return listed
        ? Optional.of("the server of " + server.inWords() + " lists attested agents of it")
        : allows(server, one)
            ? Optional.of("the server of " + server.inWords() + " allows agents of it")
            : Optional.empty();
  }

  private boolean lists(ServerAnswers said, Component one) {
    return said.agents().seen().orElse(List.of()).stream()
        .filter(agent -> agent.selectors().contains(psat("agent_ns", one.namespace())))
        .anyMatch(agent -> one.pods().stream().anyMatch(pod -> isOn(agent, pod)));
  }

  /** Another cluster may have a node of the same name, but never of the same UID. */
  private boolean isOn(Agent agent, Pod pod) {
    Node node = nodes.get(pod.node());
    return node == null
        ? agent.selectors().contains(psat("agent_node_name", pod.node()))
        : agent.selectors().contains(psat("agent_node_uid", node.meta().uid()));
  }

  private static Selector psat(String name, String value) {
    return new Selector("k8s_psat", name + ":" + value);
  }

  private static boolean allows(Component server, Component one) {
    List<String> clusters = server.config().keys(clusters());
    return one
        .config()
        .cluster()
        .or(() -> clusters.stream().filter(_ -> clusters.size() == 1).findFirst())
        .map(name -> server.config().values(clusters(name, "service_account_allow_list")))
        .orElse(List.of())
        .stream()
        .anyMatch(account -> account.startsWith(one.namespace() + ":"));
  }

  private static String[] clusters(String... more) {
    return Stream.concat(
            Stream.of("plugins", "NodeAttestor", "k8s_psat", "plugin_data", "clusters"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  /**
   * Where only one half is corroborated, and does not say who the other is: the only candidate. A
   * server that attests by service account names those whom it allows, and agents name an address.
   */
  private void only() {
    boolean untold =
        servers.stream().anyMatch(s -> holds(s) && s.config().keys(clusters()).isEmpty());
    if (untold && agents.stream().noneMatch(this::holds)) {
      only(
          agents,
          one -> UsualShape.runsOnNodes(one) && pairing.of(one).stream().allMatch(this::holds));
    }
    boolean unaddressed =
        agents.stream().anyMatch(one -> holds(one) && one.serverAddress().isEmpty());
    if (unaddressed && servers.stream().noneMatch(this::holds)) {
      only(servers, one -> !one.pods().isEmpty());
    }
  }

  private void only(List<Component> among, Predicate<Component> candidates) {
    List<Component> found = new ArrayList<>(among.stream().filter(candidates).toList());
    if (found.size() == 1) {
      add(found.getFirst().namespace(), "it has the only candidate in the cluster");
    }
  }
}
