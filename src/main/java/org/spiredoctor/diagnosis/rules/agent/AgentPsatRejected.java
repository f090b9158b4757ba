package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.evidence.cluster.Rights;
import org.spiredoctor.evidence.cluster.SpireConfig;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Access;
import org.spiredoctor.kube.Container;

/** The server refuses an agent's projected service account token, or the agent has none. */
@AutoService(Rule.class)
public final class AgentPsatRejected implements Rule {

  /** What is wrong with the token, or with who asks about it. */
  enum Rejection {
    AUDIENCE("its token is not made for the server's audience"),
    SERVICE_ACCOUNT("its service account is not on the server's allow list"),
    CLUSTER("the server has no cluster of the name that the agent gives"),
    TOKEN_MISSING("it finds no token"),
    SERVER_FORBIDDEN("the server may not ask Kubernetes about its token"),
    OTHER("the server does not accept its token");

    private final String words;

    Rejection(String words) {
      this.words = words;
    }

    private static Optional<Rejection> of(Log.Line line) {
      String text = line.text().toLowerCase(Locale.ROOT);
      if (text.contains("is not an allowed service account")) {
        return Optional.of(SERVICE_ACCOUNT);
      }
      if (text.contains("not configured for cluster")) {
        return Optional.of(CLUSTER);
      }
      if (text.contains("unable to load token from")) {
        return Optional.of(TOKEN_MISSING);
      }
      if (text.contains("token audiences")) {
        return Optional.of(AUDIENCE);
      }
      boolean psat = text.contains("k8s_psat") || text.contains("tokenreview");
      if (psat && text.contains("forbidden")) {
        return Optional.of(SERVER_FORBIDDEN);
      }
      boolean refused =
          text.contains("tokenreview api")
              || text.contains("pod uid mismatch")
              || text.contains("fail to get pod from k8s")
              || text.contains("fail to get node from k8s")
              || text.contains("nodeattestor(k8s_psat)");
      return refused ? Optional.of(OTHER) : Optional.empty();
    }
  }

  /** An agent that is refused tries again within minutes. */
  private static final Duration FRESH = Duration.ofMinutes(10);

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    List<Outcome> rejected =
        AgentPods.bySymptom(
            this,
            cluster,
            agent -> rejection(cluster, agent),
            (rejection, first, finding) ->
                finish(
                    cluster,
                    rejection,
                    first,
                    finding,
                    PsatRemedies.of(cluster.evidence(), rejection, first)));
    Map<Component, Outcome> hidden = new LinkedHashMap<>();
    if (cluster.evidence().pods().missing().isEmpty()) {
      AgentPod.all(cluster).stream()
          .filter(agent -> isHidden(cluster, agent))
          .forEach(
              agent -> hidden.computeIfAbsent(agent.component(), of -> hidden(cluster, of, agent)));
    }
    return hidden.isEmpty()
        ? rejected
        : Stream.concat(
                rejected.stream().filter(one -> !(one instanceof Outcome.Passed)),
                hidden.values().stream())
            .toList();
  }

  /**
   * Whether the server does not allow an agent, and what it lists of the node attested as another:
   * beside that one, which may have the same SPIFFE ID, it does not show that it is missing.
   */
  private static boolean isHidden(ClusterCase cluster, AgentPod agent) {
    return agent.running()
        && !agent.listed().isEmpty()
        && agent.listed().stream().allMatch(one -> isOfAnother(one, agent))
        && rejection(cluster, agent).isEmpty()
        && compared(agent).equals(Optional.of(Rejection.SERVICE_ACCOUNT));
  }

  private static boolean isOfAnother(Agent listed, AgentPod agent) {
    Selector mine = new Selector("k8s_psat", "agent_sa:" + agent.pod().serviceAccount());
    return listed.selectors().stream()
            .anyMatch(one -> one.toString().startsWith("k8s_psat:agent_sa:"))
        && !listed.selectors().contains(mine);
  }

  /** It may still have an SVID of a time when it was allowed. */
  private Outcome hidden(ClusterCase cluster, Component component, AgentPod agent) {
    Finding.Builder finding =
        cluster.name(
            agent.home(), Finding.warning(this, Subject.of(component), cluster.scope(component)));
    boolean beside =
        AgentPod.all(cluster).stream()
            .anyMatch(
                other ->
                    other.running()
                        && other.home().equals(agent.home())
                        && other.pod().node().equals(agent.pod().node())
                        && !other.component().equals(component)
                        && other
                            .component()
                            .config()
                            .cluster()
                            .equals(component.config().cluster()));
    return finish(
        cluster,
        Rejection.SERVICE_ACCOUNT,
        agent,
        finding,
        // Allowed, they would take the SPIFFE ID of the agents beside them.
        beside ? List.of(new Remedy.Advice(AgentIdentityShared.APART)) : remedies(cluster, agent));
  }

  private static List<Remedy> remedies(ClusterCase cluster, AgentPod agent) {
    return PsatRemedies.of(cluster.evidence(), Rejection.SERVICE_ACCOUNT, agent);
  }

  private static Optional<Rejection> rejection(ClusterCase cluster, AgentPod agent) {
    Optional<Rejection> said = said(agent).flatMap(Rejection::of);
    if (said.filter(r -> r != Rejection.OTHER).isPresent()) {
      return said;
    }
    // What is set tells more than a plain refusal; but who is attested, or gets no further, is not
    // judged by it.
    boolean refused = said.isPresent() || (agent.running() && agent.listed().isEmpty());
    return !refused || agent.home().installation().attested().seen().isEmpty()
        ? said
        : compared(agent)
            .or(() -> unasked(cluster, agent).findAny().map(_ -> Rejection.SERVER_FORBIDDEN))
            .or(() -> saidByServer(cluster, agent).flatMap(Rejection::of))
            .or(() -> said);
  }

  /** What the servers may not ask Kubernetes about a token. */
  private static Stream<Access> unasked(ClusterCase cluster, AgentPod agent) {
    return agent.home().installation().servers().stream()
        .flatMap(server -> server.specimen().stream().flatMap(pod -> Rights.review(server, pod)))
        .filter(right -> cluster.evidence().snapshot().denied(right));
  }

  private static Optional<Log.Line> said(AgentPod agent) {
    return AgentPods.last(agent.log(), line -> Rejection.of(line).isPresent());
  }

  private static Optional<Log.Line> saidByServer(ClusterCase cluster, AgentPod agent) {
    return agent.home().installation().servers().stream()
        .flatMap(
            server ->
                server.pods().stream()
                    .flatMap(
                        pod ->
                            server.role().container(pod).map(Container::name).stream()
                                .map(name -> cluster.evidence().log(pod, name))))
        .flatMap(log -> AgentPods.last(log, line -> Rejection.of(line).isPresent()).stream())
        .filter(line -> line.within(FRESH, cluster.evidence().at()))
        .findFirst();
  }

  private static Optional<Rejection> compared(AgentPod agent) {
    SpireConfig server = server(agent);
    Component agents = agent.component();
    if (!server.known() || !PsatSettings.attests(agents.config())) {
      return Optional.empty();
    }
    List<String> allowed = PsatSettings.allowed(server, agents);
    List<String> audiences = PsatSettings.audiences(server, agents);
    boolean audience =
        PsatSettings.audience(agent.pod(), agents)
            .filter(mine -> !audiences.isEmpty() && !audiences.contains(mine))
            .isPresent();
    boolean account = !allowed.isEmpty() && !allowed.contains(account(agent));
    return Stream.of(
            audience ? Optional.of(Rejection.AUDIENCE) : Optional.<Rejection>empty(),
            account ? Optional.of(Rejection.SERVICE_ACCOUNT) : Optional.<Rejection>empty())
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** As the server names it. */
  static String account(AgentPod agent) {
    return agent.pod().meta().namespace() + ":" + agent.pod().serviceAccount();
  }

  static SpireConfig server(AgentPod agent) {
    return agent.home().installation().servers().stream()
        .map(Component::config)
        .filter(SpireConfig::known)
        .findFirst()
        .orElse(SpireConfig.NONE);
  }

  private static Outcome finish(
      ClusterCase cluster,
      Rejection rejection,
      AgentPod first,
      Finding.Builder finding,
      List<Remedy> remedies) {
    Optional<Log.Line> line = said(first);
    line.ifPresent(l -> finding.said(first.pod(), l));
    Optional<Log.Line> server = saidByServer(cluster, first);
    server.ifPresent(l -> finding.seen("log of the SPIRE server", l.inShort()));
    if (rejection == Rejection.AUDIENCE) {
      finding.seen(
          "token of " + first.pod().inWords(),
          "audience "
              + PsatSettings.audience(first.pod(), first.component()).orElse("not seen")
              + ", the server wants "
              + String.join(" or ", PsatSettings.audiences(server(first), first.component())));
    }
    if (rejection == Rejection.SERVICE_ACCOUNT) {
      finding.seen(
          "service account of " + first.pod().inWords(),
          account(first)
              + ", the server allows "
              + String.join(", ", PsatSettings.allowed(server(first), first.component())));
    }
    if (rejection == Rejection.SERVER_FORBIDDEN) {
      unasked(cluster, first)
          .forEach(
              right -> finding.seen("Kubernetes", right.account() + " may not " + right.inWords()));
    }
    remedies.forEach(finding::remedy);
    return finding
        .confidence(line.isPresent() ? Confidence.CERTAIN : Confidence.LIKELY)
        .found("The SPIRE agent on " + first.pod().node() + " cannot attest: " + rejection.words);
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_REFUSED, Effect.NODE_ATTESTATION_REJECTED);
  }
}
