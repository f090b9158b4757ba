package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.AGENT;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.APP;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.NS;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.SA;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.command;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Remedy.EntryChange;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryImpact;
import org.spiredoctor.kube.Kind;

/** An entry for pods of several nodes belongs below a node alias. */
class EntryForSeveralNodesTest {
  /** A replica of the pod on a second node, with an agent of its own; no node alias. */
  private static ClusterScene onTwoNodes(Entry... entries) {
    String other = AGENT.replace("uid-1", "uid-2");
    return ClusterScene.healthy()
        .copy(Kind.NODE, "node-1", "node-2")
        .set(Kind.NODE, "node-2", "/metadata/uid", "node-uid-2")
        .copy(Kind.POD, "spire-agent-x1y2z", "spire-agent-2")
        .set(Kind.POD, "spire-agent-2", "/spec/nodeName", "node-2")
        .set(
            Kind.POD,
            "web",
            "/metadata/ownerReferences",
            "[{kind: ReplicaSet, name: web-7d9, uid: replicas, controller: true}]")
        .copy(Kind.POD, "web", "web-2")
        .set(Kind.POD, "web-2", "/spec/nodeName", "node-2")
        .attested(
            ClusterScene.agent(AGENT, "node-1", "node-uid-1"),
            ClusterScene.agent(other, "node-2", "node-uid-2"))
        .entries(entries);
  }

  private static EntryChange change(Remedy remedy) {
    assertThat(remedy).isInstanceOf(EntryChange.class);
    return (EntryChange) remedy;
  }

  /** Below the agent of one node it would be served on that node alone. */
  @Test
  void anEntryForPodsOnTwoNodesIsCreatedBelowAnAlias() {
    Finding found = Expect.first("entry-missing", onTwoNodes());
    EntryChange alias = change(found.remedies().get(0));
    assertThat(alias.command())
        .contains(
            "entry create -node",
            "-spiffeID " + ALIAS,
            "-selector k8s_psat:cluster:demo",
            "-selector k8s_psat:agent_sa:spire-agent");
    EntryChange entry = change(found.remedies().get(1));
    assertThat(entry.command()).contains("-parentID " + ALIAS);
    assertThat(entry.impact().orElseThrow().gains())
        .extracting(EntryImpact.Share::pod)
        .containsExactly("apps/web", "apps/web-2");
    // Once it is there it is used.
    assertThat(
            command(
                Expect.first(
                    "entry-missing",
                    onTwoNodes(
                        entry(
                            "a",
                            ALIAS,
                            "spiffe://example.org/spire/server",
                            "k8s_psat:cluster:demo")))))
        .contains("-parentID " + ALIAS)
        .doesNotContain("-node");
  }

  @Test
  void whatIsServedOnOneNodeIsNotTakenFromItForAnother() {
    Finding found =
        Expect.first("entry-parent-unknown", onTwoNodes(entry("web", WEB, AGENT, NS, SA, APP)));
    assertThat(command(found)).contains("entry create -node", "-spiffeID " + ALIAS);
    EntryChange moved = change(found.remedies().get(1));
    assertThat(moved.command()).contains("entry update -entryID web", "-parentID " + ALIAS);
    assertThat(moved.impact().orElseThrow().losses()).isEmpty();
    assertThat(moved.impact().orElseThrow().gains())
        .extracting(EntryImpact.Share::pod)
        .containsExactly("apps/web-2");
  }

  /** It is for its nodes on purpose, and entries below it are too. */
  @Test
  void anAliasOfSomeNodesIsNeitherUsedNorWidened() {
    for (String some :
        List.of("k8s_psat:agent_node_name:node-1", "k8s_psat:agent_node_label:a:b")) {
      Entry pinned =
          entry("pin", "spiffe://example.org/some", "spiffe://example.org/spire/server", some);
      Finding missing = Expect.first("entry-missing", onTwoNodes(pinned));
      assertThat(missing.remedies().toString())
          .doesNotContain("-parentID spiffe://example.org/some");
      assertThat(command(missing)).contains("-node -spiffeID " + ALIAS);
      Finding other =
          Expect.first(
              "entry-parent-alias-missing",
              onTwoNodes(pinned, entry("web", WEB, "spiffe://example.org/some", NS, SA, APP)));
      assertThat(command(other)).contains("-node -spiffeID " + ALIAS);
      assertThat(change(other.remedies().get(1)).command())
          .contains("entry create -spiffeID " + WEB + " -parentID " + ALIAS);
      assertThat(other.remedies()).hasSize(2);
    }
  }

  @Test
  void anAliasGetsNoNameThatStandsForOthers() {
    Finding found =
        Expect.first("entry-missing", onTwoNodes(entry("x", ALIAS, AGENT, "unix:uid:7")));
    assertThat(command(found)).contains("-node", "-spiffeID spiffe://example.org/node-alias");
  }
}
