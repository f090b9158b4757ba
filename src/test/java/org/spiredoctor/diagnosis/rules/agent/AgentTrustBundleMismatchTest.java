package org.spiredoctor.diagnosis.rules.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.POD;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.refused;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class AgentTrustBundleMismatchTest {
  @Test
  void agentTrustBundleMismatch() {
    Finding found =
        Expect.first(
            "agent-trust-bundle-mismatch",
            refused(
                    "authentication handshake failed: x509svid: could not verify leaf certificate:"
                        + " x509: certificate signed by unknown authority")
                .configMap(
                    "spire-agent",
                    "agent.conf",
                    """
                    agent { trust_domain = "example.org"
                      trust_bundle_path = "/run/spire/config/bundle.crt" }
                    plugins { WorkloadAttestor "k8s" {}
                    NodeAttestor "k8s_psat" { plugin_data { cluster = "demo" } } }
                    """));
    assertThat(command(found))
        .contains(
            "bundle show) && [ -n \"$bundle\" ] && printf '%s\\n' \"$bundle\" |"
                + " kubectl create configmap -n spire-system spire-agent"
                + " --from-file=bundle.crt=/dev/stdin");
    assertThat(found.remedies().toString()).doesNotContain("agent-data.json");
    Expect.first("agent-trust-bundle-mismatch", refused("no PEM blocks"));
    Finding path =
        Expect.first(
            "agent-trust-bundle-mismatch",
            refused("could not parse trust bundle: open /run/spire/config/nope.crt: no such file")
                .configEdit(
                    "spire-agent",
                    "agent.conf",
                    "agent {",
                    "agent {\n  trust_bundle_path = \"/run/spire/config/nope.crt\"")
                .addToConfigMap("spire-agent", "bundle.crt", "-----BEGIN CERTIFICATE-----"));
    assertThat(command(path)).contains("trust_bundle_path", "nope\\.crt\"/\\1bundle.crt\"/");
  }

  @Test
  void aBundleThatAgentsKeepOnTheirNodeIsNamed() {
    Finding found =
        Expect.first(
            "agent-trust-bundle-mismatch",
            refused("x509: certificate signed by unknown authority")
                .configEdit(
                    "spire-agent",
                    "agent.conf",
                    "agent {",
                    "agent {\n data_dir = \"/var/lib/spire\"")
                .add(
                    Kind.POD,
                    POD,
                    "/spec/containers/0/volumeMounts",
                    "{name: data, mountPath: /var/lib/spire}")
                .add(
                    Kind.POD,
                    POD,
                    "/spec/volumes",
                    "{name: data, hostPath: {path: /var/lib/spire/k8s/agent}}"));
    assertThat(found.remedies().getFirst().summary())
        .contains("Remove /var/lib/spire/k8s/agent/agent-data.json on node-1");
  }
}
