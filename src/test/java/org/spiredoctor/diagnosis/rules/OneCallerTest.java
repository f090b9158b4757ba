package org.spiredoctor.diagnosis.rules;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.kube.Kind;

/** What an agent says of one caller is over when that one has its success, not when others do. */
class OneCallerTest {
  private static final String TIME = "time=\"2026-01-02T03:03:00Z\" ";
  private static final String EARLIER = "time=\"2026-01-02T02:03:00Z\" ";
  private static final String UNREADY = "[{type: Ready, status: \"False\"}]";

  private static String failed(String error) {
    return "level=error msg=\"workload attestor \\\"k8s\\\" failed\" error=\"rpc error: code ="
        + " Internal desc = workloadattestor(k8s): "
        + error
        + "\" pid=42 subsystem_name=workload_attestor\n";
  }

  private static final String AMBIGUOUS =
      failed("multiple container IDs found in cgroups (a, service)");
  private static final String GAVE_UP =
      "level=warning msg=\"Container id not found; giving up\" attempt=60 container_id=74c83db2"
          + " pod_uid=pod-uid-1 subsystem_name=catalog\n";
  private static final String NOT_LISTED = failed("no selectors found after max poll attempts");

  private static String attested(int process, String pod) {
    return TIME
        + "level=debug msg=\"PID attested to have selectors\" pid=%d".formatted(process)
        + " selectors=\"[type:\\\"k8s\\\" value:\\\"ns:apps\\\"  type:\\\"k8s\\\""
        + " value:\\\"pod-uid:%s\\\"]\"%n".formatted(pod);
  }

  private static ClusterScene saying(String... lines) {
    return ClusterScene.healthy().agentLog(String.join("", List.of(lines)));
  }

  @Test
  void anothersSuccessDoesNotEndIt() {
    Expect.first("cgroup-ambiguous", saying(TIME, AMBIGUOUS, attested(7, "pod-uid-2")));
    Expect.first(
        "attestation-container-not-ready",
        saying(TIME, GAVE_UP, TIME, NOT_LISTED, attested(7, "pod-uid-2")));
    Expect.first(
        "attestor-k8s-failed", saying(TIME, failed("cannot read"), attested(7, "pod-uid-2")));
  }

  @Test
  void itsOwnEndsIt() {
    Expect.healthy(saying(TIME, AMBIGUOUS, attested(42, "pod-uid-1")));
    Expect.healthy(
        saying(TIME, AMBIGUOUS, TIME, "level=debug msg=\"Fetched X.509 SVID\" count=1 pid=42\n"));
    Expect.healthy(saying(TIME, GAVE_UP, TIME, NOT_LISTED, attested(42, "pod-uid-1")));
  }

  @Test
  void oneThatSucceedsDoesNotHideAnotherThatDoesNot() {
    Expect.first(
        "cgroup-ambiguous",
        saying(
            TIME,
            AMBIGUOUS.replace("pid=42", "pid=43"),
            TIME,
            AMBIGUOUS,
            attested(42, "pod-uid-1")));
  }

  @Test
  void anAgentThatStartsAgainHasForgottenIt() {
    Expect.healthy(
        saying(TIME, AMBIGUOUS, TIME, "level=info msg=\"Starting Workload and SDS APIs\"\n"));
  }

  /** Who still fails asks again: but only where all is well is that believed. */
  @Test
  void anOldOneIsOverWhenOthersSucceedAndAllAreReady() {
    ClusterScene old = saying(EARLIER, AMBIGUOUS, attested(7, "pod-uid-2"));
    Expect.healthy(old);
    Expect.first("cgroup-ambiguous", saying(EARLIER, AMBIGUOUS));
    Expect.first("cgroup-ambiguous", old.set(Kind.POD, "web", "/status/conditions", UNREADY));
  }

  /** The path of a program is whatever its author likes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/k8s",
        "/pod-uid:pod-uid-1",
        "/x,k8s:pod-uid:pod-uid-1",
        "/x\" type:\"k8s\" value:\"ns:apps",
        "/x\"} {\"type\":\"k8s\",\"value\":\"ns:apps",
      })
  void aPathIsNoSuccessOfAPod(String path) {
    String unreachable =
        failed("unable to perform request: Get https://10.0.0.1:10250/pods: connection refused");
    Expect.first("kubelet-unreachable", saying(TIME, unreachable, process(path, "7")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/unexpected status code on pods response: 403",
        "/pods: connection refused",
        "/multiple container IDs found",
        "/workload attestor \\\"k8s\\\" failed",
      })
  void aPathIsNoComplaint(String path) {
    Expect.healthy(saying(process(path, "7")));
  }

  private static String process(String path, String pid) {
    String value = path.replace("\\", "\\\\").replace("\"", "\\\"");
    String selectors = "[type:\"unix\" value:\"path:" + value + "\"]";
    return TIME
        + "level=debug msg=\"PID attested to have selectors\" pid="
        + pid
        + " selectors=\""
        + selectors.replace("\\", "\\\\").replace("\"", "\\\"")
        + "\"\n";
  }
}
