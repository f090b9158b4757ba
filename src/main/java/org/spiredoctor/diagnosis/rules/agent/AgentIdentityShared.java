package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Node;

/** Two kinds of agents on one node have the same SPIFFE ID: each invalidates the other's SVID. */
@AutoService(Rule.class)
public final class AgentIdentityShared implements Rule {
  /** What two kinds of agents on the same nodes need. */
  static final String APART =
      "Keep one of the two kinds of agents, if one is enough. Else give one a cluster name of its"
          + " own: the setting cluster in its configuration, the same name under clusters in the"
          + " server's with its service account on the allow list, and entries or node aliases for"
          + " its agents";

  /**
   * What agents of the k8s_psat attestor have in common that are the same agent to their server.
   *
   * @param cluster the name that they attest with
   */
  private record Identity(InstallationCase home, String trustDomain, String cluster, String node) {
    String inWords(ClusterCase evidence) {
      Node on = evidence.evidence().nodes().get(node);
      return on == null
          ? "the one of the node"
          : "spiffe://" + trustDomain + "/spire/agent/k8s_psat/" + cluster + "/" + on.meta().uid();
    }
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    Map<Identity, List<AgentPod>> identities = new LinkedHashMap<>();
    for (AgentPod agent : AgentPod.all(cluster)) {
      if (agent.running()) {
        identity(agent)
            .ifPresent(its -> identities.computeIfAbsent(its, _ -> new ArrayList<>()).add(agent));
      }
    }
    Map<List<Component>, List<Identity>> shared = new LinkedHashMap<>();
    identities.forEach(
        (identity, agents) -> {
          List<Component> kinds = agents.stream().map(AgentPod::component).distinct().toList();
          if (kinds.size() > 1) {
            shared.computeIfAbsent(kinds, _ -> new ArrayList<>()).add(identity);
          }
        });
    return Outcome.orPassed(
        shared.values().stream()
            .map(all -> finding(cluster, all, identities.getOrDefault(all.getFirst(), List.of())))
            .toList());
  }

  private static Optional<Identity> identity(AgentPod agent) {
    List<Component> servers = agent.home().installation().servers();
    return agent
        .component()
        .config()
        .cluster()
        .filter(name -> !servers.isEmpty() && servers.stream().allMatch(s -> namesNodes(s, name)))
        .filter(_ -> servers.stream().anyMatch(server -> allows(server, agent)))
        .flatMap(
            name ->
                agent
                    .component()
                    .trustDomain()
                    .map(td -> new Identity(agent.home(), td, name, agent.pod().node())));
  }

  /** Since SPIRE 1.15.3 a server can name the agents of a cluster by their pods instead. */
  private static boolean namesNodes(Component server, String cluster) {
    return PsatSettings.takes(server.config(), cluster)
        && !PsatSettings.namesPods(server.config(), cluster);
  }

  /** One whose service account the server does not take never attests, and so disturbs no other. */
  private static boolean allows(Component server, AgentPod agent) {
    List<String> allowed = PsatSettings.allowed(server.config(), agent.component());
    return allowed.isEmpty() || allowed.contains(AgentPsatRejected.account(agent));
  }

  /** About the first of what two kinds of agents share on some nodes. */
  private Outcome finding(ClusterCase cluster, List<Identity> shared, List<AgentPod> agents) {
    Identity identity = shared.getFirst();
    Scope scope =
        cluster.scope(
            identity.home(), shared.stream().map(Identity::node).collect(Collectors.toSet()));
    AgentPod one = agents.getFirst();
    AgentPod other =
        agents.stream()
            .filter(agent -> !agent.component().equals(one.component()))
            .findFirst()
            .orElseThrow();
    boolean refused = Stream.of(one, other).anyMatch(agent -> refusal(cluster, agent).isPresent());
    Subject subject = Subject.of(other.component());
    // Until one is refused both may go on with what they have.
    Finding.Builder finding =
        refused
            ? Finding.error(this, subject, scope).confidence(Confidence.CERTAIN)
            : Finding.warning(this, subject, scope).confidence(Confidence.LIKELY);
    for (AgentPod agent : List.of(one, other)) {
      finding.seen(
          "configuration of " + agent.component().inWords(), "cluster " + identity.cluster());
      refusal(cluster, agent).ifPresent(line -> finding.said(agent.pod(), line));
    }
    return finding
        .remedy(new Remedy.Advice(APART))
        .found(
            "Two agents run on "
                + identity.node()
                + " with the same SPIFFE ID, "
                + identity.inWords(cluster)
                + ", one of "
                + one.component().inWords()
                + " and one of "
                + other.component().inWords()
                + ": when one attests, the SVID of the other becomes invalid");
  }

  /** That the server refused its SVID, and it attested again. */
  private static Optional<Log.Line> refusal(ClusterCase cluster, AgentPod agent) {
    return cluster
        .evidence()
        .log(agent.pod(), agent.component().container())
        .last("Agent needs to re-attest");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_REFUSED);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.TWO_AGENTS_ON_NODE);
  }
}
