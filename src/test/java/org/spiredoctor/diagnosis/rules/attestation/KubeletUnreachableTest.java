package org.spiredoctor.diagnosis.rules.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.attestation.AttestorLogs.attestorSays;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class KubeletUnreachableTest {
  @Test
  void kubeletUnreachable() {
    ClusterScene scene =
        attestorSays(
            "unable to perform request: Get \"https://127.0.0.1:10250/pods\": dial tcp"
                + " 127.0.0.1:10250: connect: connection refused");
    Finding found = Expect.first("kubelet-unreachable", scene);
    assertThat(found.remedies().getFirst()).isInstanceOf(Remedy.Advice.class);
    Finding alone =
        Expect.first(
            "kubelet-unreachable",
            scene.set(Kind.POD, "spire-agent-x1y2z", "/spec/hostNetwork", "false"));
    assertThat(command(alone))
        .startsWith("kubectl -n spire-system patch daemonset/spire-agent --type=merge -p '{");
  }
}
