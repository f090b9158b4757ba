package org.spiredoctor.diagnosis.rules.attestation;

import org.spiredoctor.diagnosis.ClusterScene;

/** What an agent logs when the k8s workload attestor fails. */
final class AttestorLogs {
  static final String TIME = "time=\"2026-01-02T03:03:00Z\" ";

  private AttestorLogs() {}

  /** As SPIRE 1.13 wraps what the k8s attestor says. */
  static ClusterScene attestorSays(String error) {
    return ClusterScene.healthy().agentLog(failed(error));
  }

  /** The line that such an agent logs. */
  static String failed(String error) {
    return TIME
        + "level=error msg=\"Failed to collect all selectors for PID\" error=\"workload attestor"
        + " \\\"k8s\\\" failed: rpc error: code = Internal desc = workloadattestor(k8s): "
        + error.replace("\"", "\\\"")
        + "\" pid=42\n";
  }
}
