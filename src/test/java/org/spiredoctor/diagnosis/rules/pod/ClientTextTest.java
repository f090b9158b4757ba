package org.spiredoctor.diagnosis.rules.pod;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.rules.Expect;

/** Which lines of a log are complaints about the Workload API. */
class ClientTextTest {
  private static final String NOW = "time=\"2026-01-02T03:04:00Z\" level=error ";

  private static ClusterScene saying(String log) {
    return ClusterScene.healthy().askingFor("apps", "web").log("apps", "web", "app", false, log);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Failed to watch the Workload API: rpc error: code = Unavailable desc = connection error",
        "unable to create X509Source: context deadline exceeded",
        "create X.509 source: DEADLINE_EXCEEDED",
        "connection error: desc = \\\"transport: Error while dialing: dial unix"
            + " /spire-socket/api.sock: connect: connection refused\\\"",
        "dial unix /spire-socket/agent.sock: connect: no such file or directory",
        "dial unix /spire-socket/api.sock: connect: permission denied",
        "StreamSecrets gRPC config stream to spire_agent closed: 3, workload is not authorized for"
            + " the requested identities [\\\"default\\\"]",
        "Timeout waiting for X.509 Context update",
      })
  void aKnownTextIsAComplaint(String text) {
    Expect.first("workload-complains", saying(NOW + "msg=\"" + text + "\"\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dial tcp 10.0.0.7:5432: connect: connection refused",
        "database: connection refused, see unix:///var/run/postgresql/.s.PGSQL.5432",
        "dial unix /var/run/docker.sock: connect: permission denied",
        "open /etc/app/config.yaml: no such file or directory",
        "call spiffe://example.org/backend: context deadline exceeded",
        "GET /orders: context deadline exceeded",
        "permission denied for table users",
      })
  void whatIsNotOfTheWorkloadApiIsNone(String text) {
    Expect.healthy(saying(NOW + "msg=\"" + text + "\"\n"));
  }
}
