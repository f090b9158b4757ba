package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.server.ServerScenes.SERVER;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

/** The trust domain was changed after the installation. */
class ChangedTrustDomainTest {
  /** The chart sets it for all at once, so that they do not differ among each other. */
  @Test
  void aTrustDomainThatWasChangedAfterTheInstallationIsSetBack() {
    ClusterScene scene =
        ClusterScene.healthy()
            .configEdit("spire-server", "server.conf", "example.org", "new.test")
            .configEdit("spire-agent", "agent.conf", "example.org", "new.test")
            .set(
                Kind.STATEFUL_SET,
                SERVER,
                "/metadata/annotations",
                "{meta.helm.sh/release-name: spire, meta.helm.sh/release-namespace: mgmt}")
            .set(
                Kind.STATEFUL_SET,
                SERVER,
                "/metadata/labels",
                "{helm.sh/chart: spire-server-0.1.0, app.kubernetes.io/name: server}")
            .serverCrashes(
                "time=\"2026-01-02T03:00:00Z\" level=error msg=\"Fatal run error\" error=\"a"
                    + " registration entry with trust domain 'example.org' has been detected, which"
                    + " does not match the configured trust domain of 'new.test'. If you want to"
                    + " change the trust domain, please delete all existing registration"
                    + " entries\"\n");
    Finding found = Expect.first("server-not-ready", scene);
    assertThat(found.summary())
        .endsWith(
            "its trust domain was changed to new.test, but the entries in its datastore are of"
                + " example.org");
    assertThat(found.remedies().getFirst().summary())
        .isEqualTo("Set trust_domain of the server back to example.org");
    assertThat(command(found))
        .contains("new\\.test([[:space:]\",}]|$)/\\1example.org\\3/")
        .contains("configmap -n spire-system spire-server");
    assertThat(found.remedies().get(1).block()).contains("configmap -n spire-system spire-agent");
    assertThat(found.remedies().getLast().summary()).startsWith("Or move to new.test for good");
    assertThat(found.managed().toString()).contains("global.spire.trustDomain");
    // Only the server's was changed: then the agents are right.
    Finding alone =
        Expect.first(
            "server-not-ready",
            scene.configEdit("spire-agent", "agent.conf", "new.test", "example.org"));
    assertThat(alone.remedies()).hasSize(2);
  }
}
