package org.spiredoctor.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.registration.Given.AGENT;
import static org.spiredoctor.registration.Given.ALIAS;
import static org.spiredoctor.registration.Given.SERVER;
import static org.spiredoctor.registration.Given.TD;
import static org.spiredoctor.registration.Given.agent;
import static org.spiredoctor.registration.Given.alias;
import static org.spiredoctor.registration.Given.declared;
import static org.spiredoctor.registration.Given.psat;
import static org.spiredoctor.registration.Given.selectors;
import static org.spiredoctor.registration.Given.under;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;

class ParentsTest {
  private static final List<Declared> WEB = List.of(declared("/web", "k8s:ns:apps"));
  private static final Set<Selector> CLUSTER =
      selectors(
          "k8s_psat:cluster:demo",
          "k8s_psat:agent_ns:spire-system",
          "k8s_psat:agent_sa:spire-agent");

  private static Parents of(List<Declared> declared, List<Entry> present, Agent... agents) {
    return Parents.of(declared, present, List.of(agents), Set.of());
  }

  @Test
  void anAliasThatLeadsHereIsEnough() {
    Parents parents = of(WEB, List.of(alias("a", "k8s_psat:cluster:demo")), psat());
    assertThat(parents.aliases()).isEmpty();
    assertThat(parents.problems()).isEmpty();
  }

  @Test
  void withoutOneItIsPlannedForAllAgentsOfTheCluster() {
    Parents parents = of(WEB, List.of(), psat());
    assertThat(parents.problems()).isEmpty();
    assertThat(parents.aliases())
        .extracting(Declared::entry)
        .containsExactly(Entry.of(ALIAS, SERVER, CLUSTER));
  }

  @Test
  void oneThatNoAgentHasDoesNotLead() {
    Parents parents = of(WEB, List.of(alias("a", "k8s_psat:cluster:other")), psat());
    assertThat(parents.aliases()).hasSize(1);
  }

  @Test
  void anotherClustersAgentsAreLeftOutWhenOursAreKnown() {
    Agent other = agent(TD + "/spire/agent/k8s_psat/other/1", "k8s_psat", "k8s_psat:cluster:other");
    Parents all = of(WEB, List.of(), psat(), other);
    assertThat(all.aliases()).hasSize(2);
    Parents ours = Parents.of(WEB, List.of(), List.of(psat(), other), CLUSTER);
    assertThat(ours.aliases())
        .extracting(Declared::entry)
        .containsExactly(Entry.of(ALIAS, SERVER, CLUSTER));
  }

  @Test
  void anAgentByJoinTokenHasNoSelectorsAndIsItselfTheParent() {
    String id = TD + "/spire/agent/join_token/t";
    Parents parents = of(WEB, List.of(), agent(id, "join_token"));
    assertThat(parents.aliases())
        .extracting(Declared::entry)
        .containsExactly(Entry.of(ALIAS, id, selectors("spiffe_id:" + id)));
    // And then it leads.
    List<Entry> made = parents.aliases().stream().map(Declared::entry).toList();
    assertThat(of(WEB, made, agent(id, "join_token")).aliases()).isEmpty();
  }

  @Test
  void oneThatCameLaterByJoinTokenIsGivenItsOwn() {
    String first = TD + "/spire/agent/join_token/1";
    String second = TD + "/spire/agent/join_token/2";
    List<Entry> made =
        List.of(Entry.of(ALIAS, first, selectors("spiffe_id:" + first)).named("a", ""));
    Parents parents = of(WEB, made, agent(first, "join_token"), agent(second, "join_token"));
    assertThat(parents.problems()).isEmpty();
    assertThat(parents.aliases()).extracting(one -> one.entry().parentId()).containsExactly(second);
  }

  @Test
  void anAliasThatLeadsToAnotherClusterOnlyIsNotEnough() {
    Agent other = agent(TD + "/spire/agent/k8s_psat/other/1", "k8s_psat", "k8s_psat:cluster:other");
    Parents parents =
        Parents.of(
            WEB, List.of(alias("a", "k8s_psat:cluster:other")), List.of(psat(), other), CLUSTER);
    assertThat(parents.aliases())
        .extracting(one -> one.entry().selectors())
        .containsExactly(CLUSTER);
  }

  @Test
  void ofOtherAttestorsItIsSaidWhatToDeclare() {
    Agent agent =
        agent(
            TD + "/spire/agent/x509pop/1",
            "x509pop",
            "x509pop:subject:cn:node",
            "x509pop:serial:1");
    Parents parents = of(WEB, List.of(), agent);
    assertThat(parents.aliases()).isEmpty();
    assertThat(parents.problems().getFirst().inWords())
        .startsWith("web.yaml:3: parentID: nothing leads from an agent to the parent " + ALIAS)
        .contains("x509pop", "declare " + ALIAS + " too, with parentID " + SERVER)
        .contains("some of x509pop:serial:1, x509pop:subject:cn:node");
  }

  @Test
  void anAgentThatIsNotAttestedIsNoParent() {
    List<Declared> declared = List.of(under(AGENT + "2", "/web", "k8s:ns:apps"));
    assertThat(of(declared, List.of(), psat()).problems())
        .singleElement()
        .extracting(Problem::text)
        .asString()
        .contains("no agent with the id " + AGENT + "2 is attested; attested are " + AGENT);
    assertThat(of(List.of(under(AGENT, "/web", "k8s:ns:apps")), List.of(), psat()))
        .isEqualTo(new Parents(List.of(), List.of()));
  }

  @Test
  void aDeclaredAliasThatNoAgentHasIsToldWhereItStands() {
    Declared alias =
        new Declared(
            Entry.of(ALIAS, SERVER, selectors("k8s_psat:cluster:wrong")),
            false,
            new Origin("web.yaml", 9));
    Parents parents = of(List.of(WEB.getFirst(), alias), List.of(), psat());
    assertThat(parents.aliases()).isEmpty();
    assertThat(parents.problems().getFirst().inWords())
        .startsWith("web.yaml:9: parentID: " + ALIAS + " is a parent of others");
  }

  @Test
  void aChainOfDeclaredParentsNeedsItsTopOnly() {
    List<Declared> declared =
        List.of(
            under(TD + "/group", "/web", "k8s:ns:apps"), under(ALIAS, "/group", "k8s:ns:nobody"));
    assertThat(of(declared, List.of(), psat()).aliases())
        .extracting(one -> one.entry().spiffeId())
        .containsExactly(ALIAS);
  }

  @Test
  void aCircleOfParentsLeadsNowhere() {
    List<Declared> declared =
        List.of(under(TD + "/a", "/b", "k8s:ns:x"), under(TD + "/b", "/a", "k8s:ns:x"));
    assertThat(of(declared, List.of(), psat()).problems())
        .isNotEmpty()
        .allSatisfy(problem -> assertThat(problem.text()).contains("its own ancestor"));
  }

  @Test
  void withoutAgentsOnlyTheConfigurationTells() {
    assertThat(of(WEB, List.of()).problems().getFirst().text()).contains("no agent is attested");
    assertThat(Parents.of(WEB, List.of(), List.of(), CLUSTER).aliases()).hasSize(1);
  }
}
