package org.spiredoctor.diagnosis.rules.svid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.refused;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;

class TrustDomainMismatchTest {
  @Test
  void trustDomainMismatch() {
    Finding config =
        Expect.first(
            "trust-domain-mismatch",
            refused("expected server SPIFFE ID \\\"spiffe://other.org/spire/server\\\"")
                .configMap(
                    "spire-agent",
                    "agent.conf",
                    "agent { trust_domain = \"other.org\" }\n"
                        + "plugins { WorkloadAttestor \"k8s\" {} }"));
    assertThat(config.summary()).contains("other.org").contains("example.org");
    Expect.first(
        "trust-domain-mismatch",
        refused("x509bundle: no X.509 bundle found for trust domain: \\\"a.org\\\""));
    Finding wanted =
        Expect.first("trust-domain-mismatch", ClusterScene.healthy().expectingDomain("prod.org"));
    assertThat(wanted.summary()).endsWith("not of prod.org");
    Expect.healthy(ClusterScene.healthy().expectingDomain("example.org"));
  }

  @Test
  void trustDomainMismatchInThePod() {
    Expect.first("trust-domain-mismatch", Scene.served().expectingDomain("other.test"));
    // It explains that the identity is another one too.
    Expect.first(
        "trust-domain-mismatch",
        Scene.served().expectingDomain("other.test").expecting("spiffe://other.test/web"));
    Expect.first("trust-domain-mismatch", Scene.served().expectingDomain("example"));
    Expect.healthy(Scene.served().expectingDomain("example.org"));
  }
}
