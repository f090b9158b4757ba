package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.command;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;

class EntryMissingTest {
  /** It is not without one because it has not the one that was asked for. */
  @Test
  void whoHasAnotherIdentityIsNotWithoutOne() {
    ClusterScene scene =
        ClusterScene.healthy().askingFor("apps", "web").expecting("spiffe://example.org/payments");
    Finding found = Expect.first("entry-missing", scene);
    assertThat(found.summary())
        .isEqualTo(
            "The pod has the identity spiffe://example.org/web, by entry web, not"
                + " spiffe://example.org/payments. No entry for spiffe://example.org/payments"
                + " matches the pod");
    assertThat(scene.report().findings()).hasSize(1);
  }

  @Test
  void entryMissing() {
    Finding found = Expect.first("entry-missing", ClusterScene.healthy().webEntry());
    assertThat(command(found))
        .isEqualTo(
            "kubectl exec -n spire-system spire-server-0 -c spire-server --"
                + " /opt/spire/bin/spire-server entry create -spiffeID"
                + " spiffe://example.org/ns/apps/sa/default -parentID "
                + ALIAS
                + " -selector k8s:ns:apps -selector k8s:pod-label:app:web -selector"
                + " k8s:sa:default");
  }
}
