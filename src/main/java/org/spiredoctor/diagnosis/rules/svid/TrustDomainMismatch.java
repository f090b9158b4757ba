package org.spiredoctor.diagnosis.rules.svid;

import com.google.auto.service.AutoService;
import io.spiffe.spiffeid.TrustDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.diagnosis.rules.agent.AgentPods;
import org.spiredoctor.diagnosis.rules.server.ChangedTrustDomain;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.spire.X509SvidFacts;

/** The agent belongs to another trust domain than expected, or than its server. */
@AutoService(Rule.class)
public final class TrustDomainMismatch implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    TrustDomain expected = evidence.query().trustDomain().orElse(null);
    if (expected == null || evidence.svids().isEmpty()) {
      return new Outcome.NotApplicable("no trust domain was asked for, or no SVID is served");
    }
    List<String> foreign =
        evidence.svids().stream()
            .map(X509SvidFacts::id)
            .filter(id -> !(id + "/").startsWith(expected.toIdString() + "/"))
            .toList();
    if (foreign.size() < evidence.svids().size()) {
      return new Outcome.Passed();
    }
    Finding.Builder finding = Finding.error(this, evidence);
    foreign.forEach(id -> finding.seen("agent", id));
    return finding
        .remedy(
            new Remedy.Advice(
                "Correct the trust domain that the application expects, or mount the socket of an"
                    + " agent of "
                    + expected.getName()))
        .found("The agent's identities are not of the trust domain " + expected.getName());
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    List<Outcome> outcomes = new ArrayList<>();
    List<InstallationCase> told = new ArrayList<>();
    for (InstallationCase one : cluster.installations()) {
      List<Outcome> its = configured(cluster, one);
      if (!its.isEmpty()) {
        outcomes.addAll(its);
        told.add(one);
      }
    }
    if (told.size() < cluster.installations().size()) {
      logged(cluster).stream()
          .filter(
              outcome ->
                  !(outcome instanceof Outcome.Found(Finding finding))
                      || told.stream().noneMatch(one -> cluster.scope(one).covers(finding.scope())))
          .forEach(outcomes::add);
    }
    expectation(cluster).ifPresent(outcomes::add);
    outcomes.addAll(OtherDomain.examine(this, cluster));
    return Outcome.orPassed(outcomes);
  }

  private List<Outcome> configured(ClusterCase cluster, InstallationCase one) {
    List<Outcome> outcomes = new ArrayList<>();
    List<String> servers = domains(one.installation().servers());
    for (Component agents : one.installation().agents()) {
      agents
          .trustDomain()
          .filter(its -> !servers.isEmpty() && !servers.contains(its))
          // Then it is the server's that has to change.
          .filter(its -> !ChangedTrustDomain.isBefore(cluster, agents, its))
          .ifPresent(
              its ->
                  outcomes.add(
                      agentsDiffer(cluster.evidence(), agents, its, servers, cluster.scope(one))));
    }
    return outcomes.isEmpty() ? otherServer(cluster, one).stream().toList() : outcomes;
  }

  /** The same, when the configuration cannot be read. */
  private List<Outcome> logged(ClusterCase cluster) {
    return AgentPods.byLog(
            this,
            cluster,
            line ->
                line.says("expected server SPIFFE ID")
                    || line.says("no X.509 bundle found for trust domain"),
            (_, agent, finding) ->
                finding
                    .remedy(new Remedy.Advice("Set trust_domain alike in server and agents"))
                    .found(
                        "The SPIRE agent on "
                            + agent.pod().node()
                            + " reaches a server of another trust domain"))
        .stream()
        .filter(outcome -> !(outcome instanceof Outcome.Passed))
        .toList();
  }

  private static List<String> domains(List<Component> components) {
    return components.stream().flatMap(c -> c.trustDomain().stream()).distinct().toList();
  }

  private Outcome agentsDiffer(
      ClusterEvidence evidence, Component agents, String its, List<String> servers, Scope scope) {
    Finding.Builder finding =
        Finding.error(this, Subject.of(agents), scope)
            .seen("configuration of the agents", "trust_domain " + its)
            .seen("configuration of the server", "trust_domain " + String.join(", ", servers));
    Optional<String> command =
        ConfigEdit.of(evidence, agents)
            .flatMap(edit -> edit.replace("trust_domain", its, servers.getFirst()));
    command.ifPresent(
        edit ->
            finding.remedy(new Remedy.Command("Give the agents the server's trust domain", edit)));
    finding.remedy(
        new Remedy.Patch(
            command.isPresent()
                ? "Or write it in their configuration by hand"
                : "Give the agents the server's trust domain",
            "agent {\n  trust_domain = " + Manifests.quoted(servers.getFirst()) + "\n}\n"));
    agents
        .owner()
        .ifPresent(
            owner ->
                finding.remedy(
                    new Remedy.Command("Then restart the agents", Kubectl.restart(owner))));
    return finding.found(
        "The agents are of the trust domain "
            + its
            + ", the server of "
            + String.join(", ", servers));
  }

  /** The server that was asked is not the one of these agents: its entries serve none of them. */
  private Optional<Outcome> otherServer(ClusterCase cluster, InstallationCase one) {
    List<String> agents = domains(one.installation().agents());
    List<String> said =
        one.installation().answers().stream()
            .flatMap(answers -> answers.trustDomain().stream())
            .map(domain -> domain.replace("spiffe://", ""))
            .distinct()
            .toList();
    if (agents.isEmpty() || said.isEmpty() || !Collections.disjoint(agents, said)) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.error(this, Subject.of(one.installation().agents().getFirst()), cluster.scope(one))
            .seen("configuration of the agents", "trust_domain " + String.join(", ", agents))
            .seen("the server that was asked", "trust domain " + String.join(", ", said))
            .remedy(
                new Remedy.Advice(
                    "Ask the server of these agents (--server-address, --server-socket), or set"
                        + " trust_domain alike in server and agents"))
            .found(
                "The SPIRE server that was asked is of the trust domain "
                    + String.join(", ", said)
                    + ", but the agents are of "
                    + String.join(", ", agents)
                    + ": none of its entries is for them"));
  }

  private Optional<Outcome> expectation(ClusterCase cluster) {
    ClusterEvidence evidence = cluster.evidence();
    String expected = evidence.query().trustDomain().orElse(null);
    if (expected == null || (evidence.servers().isEmpty() && evidence.agents().isEmpty())) {
      return Optional.empty();
    }
    List<String> here =
        Stream.of(domains(evidence.servers()), domains(evidence.agents()), attested(evidence))
            .filter(domains -> !domains.isEmpty())
            .findFirst()
            .orElse(List.of());
    if (here.isEmpty()) {
      return Optional.of(
          new Outcome.Unknown("the trust domain of SPIRE: neither configuration nor agents seen"));
    }
    if (here.contains(expected)) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.error(
                this,
                cluster.severalInstallations()
                    ? Subject.cluster(evidence)
                    : evidence.servers().stream()
                        .findFirst()
                        .map(Subject::of)
                        .orElseGet(() -> Subject.of(evidence.agents().getFirst())),
                cluster.scopeOfOnly())
            .seen("SPIRE in this cluster", "trust domain " + String.join(", ", here))
            .remedy(
                new Remedy.Advice(
                    "Correct the trust domain that is expected, or look at the cluster of "
                        + expected))
            .found(
                "SPIRE in this cluster is of the trust domain "
                    + String.join(", ", here)
                    + ", not of "
                    + expected));
  }

  /** It stands in the id of every agent. */
  private static List<String> attested(ClusterEvidence evidence) {
    return evidence.attested().seen().orElse(List.of()).stream()
        .map(agent -> agent.id().replaceFirst("^spiffe://([^/]+)/.*", "$1"))
        .distinct()
        .toList();
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_REFUSED, Effect.ENTRY_ABSENT, Effect.TRUST_DOMAIN_FOREIGN);
  }
}
