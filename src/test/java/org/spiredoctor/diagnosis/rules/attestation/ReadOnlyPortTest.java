package org.spiredoctor.diagnosis.rules.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.attestation.AttestorLogs.TIME;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

/** The k8s workload attestor calls the port of HTTPS without TLS. */
class ReadOnlyPortTest {
  /** HTTP at the port of HTTPS: it is so for ever, and every pod may be ready meanwhile. */
  @Test
  void attestorK8sFailedSinceTheReadOnlyPortIsTheSecureOne() {
    String said =
        TIME
            + "level=warning msg=\"Unable to get pod list; will retry after backoff\""
            + " error=\"rpc error: code = Internal desc = workloadattestor(k8s): unexpected status"
            + " code on pods response: 400\" subsystem_name=workload_attestor\n";
    Finding found =
        Expect.first(
            "attestor-k8s-failed",
            ClusterScene.healthy()
                .configEdit(
                    "spire-agent",
                    "agent.conf",
                    "skip_kubelet_verification = true",
                    "kubelet_read_only_port = 10250")
                .agentLog(said));
    assertThat(found.severity()).isEqualTo(Finding.Severity.ERROR);
    assertThat(found.evidence())
        .anyMatch(quote -> quote.text().equals("kubelet_read_only_port 10250"));
    assertThat(found.remedies().getFirst().block())
        .contains("sed -E 's/\"?kubelet_read_only_port\"?[[:space:]]*=[[:space:]]*\"?[0-9]+\"?//'");
    Finding other = Expect.first("attestor-k8s-failed", ClusterScene.healthy().agentLog(said));
    assertThat(other.severity()).isEqualTo(Finding.Severity.ERROR);
  }

  private static ClusterScene readOnlyPort(int port) {
    return ClusterScene.healthy()
        .configEdit(
            "spire-agent",
            "agent.conf",
            "skip_kubelet_verification = true",
            "kubelet_read_only_port = " + port)
        .set(Kind.NODE, "node-1", "/status/daemonEndpoints", "{kubeletEndpoint: {Port: 10250}}");
  }

  /** Nobody may have asked since the log that was read begins, or the agent logs less. */
  @Test
  void theSecurePortWithoutTlsFailsThoughTheLogSaysNothingOfLate() {
    String old =
        "time=\"2026-01-02T02:00:00Z\" level=warning msg=\"Unable to get pod list; giving up\""
            + " error=\"unexpected status code on pods response: 400\"\n";
    for (ClusterScene scene : List.of(readOnlyPort(10250), readOnlyPort(10250).agentLog(old))) {
      Finding found = Expect.first("attestor-k8s-failed", scene);
      assertThat(found.severity()).isEqualTo(Finding.Severity.ERROR);
      assertThat(found.summary()).contains("kubelet_read_only_port");
      assertThat(found.evidence().toString()).contains("node-1", "expects TLS at port 10250");
    }
    Expect.healthy(readOnlyPort(10255));
  }
}
