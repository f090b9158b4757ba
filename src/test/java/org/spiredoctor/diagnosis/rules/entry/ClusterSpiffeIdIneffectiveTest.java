package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.AGENT;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.withClusterSpiffeId;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class ClusterSpiffeIdIneffectiveTest {
  @Test
  void clusterSpiffeIdIneffective() {
    String id = "cluster-spiffe-id-ineffective";
    Finding found = Expect.first(id, withClusterSpiffeId("className: spire-spire", "", ""));
    assertThat(found.summary()).contains("className");
    assertThat(((Remedy.Command) found.remedies().getFirst()).command())
        .contains("patch clusterspiffeid web")
        .contains("spire-spire");
    assertThat(
            Expect.first(
                    id, withClusterSpiffeId("ignoreNamespaces:\n  - kube-system\n  - app", "", ""))
                .summary())
        .contains("ignores namespace apps");
    assertThat(
            Expect.first(
                    id,
                    withClusterSpiffeId(
                        "className: a\nwatchClassless: true",
                        "",
                        "podsSelected: 1, podEntryRenderFailures: 1"))
                .summary())
        .contains("templates");
    assertThat(Expect.first(id, withClusterSpiffeId("", "", "")).summary())
        .contains("has not acted");
    Expect.first(
        "entry-missing",
        withClusterSpiffeId("", ", className: other", "").remove(Kind.CLUSTER_SPIFFE_ID, "web"));
    Expect.healthy(
        withClusterSpiffeId("", "", "")
            .webEntry(entry("demo.1", WEB, AGENT, "k8s:pod-uid:pod-uid-1")));
  }

  @Test
  void aClusterSpiffeIdOfOtherPodsExplainsNothing() {
    Expect.first(
        "entry-missing",
        ClusterScene.healthy()
            .webEntry()
            .object(
                Kind.CLUSTER_SPIFFE_ID,
                "{metadata: {name: db}, spec: {podSelector: {matchLabels: {app: db}}}}"));
  }
}
