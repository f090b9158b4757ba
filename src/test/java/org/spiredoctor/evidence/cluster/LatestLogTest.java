package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.kube.Kind;

/** Which runs of a container count. */
class LatestLogTest {
  private static final String BEFORE = "level=error msg=\"Agent crashed\" error=\"of then\"\n";
  private static final String AGENT = "spire-agent-x1y2z";

  private static String said(ClusterScene scene) {
    ClusterEvidence evidence = scene.evidence();
    return evidence.pods().seen().orElseThrow().stream()
        .filter(pod -> pod.meta().name().equals(AGENT))
        .map(pod -> evidence.log(pod, "spire-agent"))
        .findFirst()
        .orElseThrow()
        .lines()
        .toString();
  }

  private static ClusterScene restarted(String now) {
    return ClusterScene.healthy()
        .agentNotReady()
        .log("spire-system", AGENT, "spire-agent", true, BEFORE)
        .agentLog(now);
  }

  @Test
  void whileTheNewRunShowsNothingTheOneBeforeCounts() {
    assertThat(said(restarted("level=info msg=\"Plugin loaded\"\n"))).contains("of then");
    assertThat(said(restarted(""))).contains("of then");
  }

  @Test
  void onceItComplainsTheOneBeforeDoesNotCount() {
    assertThat(said(restarted("level=warning msg=\"Failed\" error=\"of now\"\n")))
        .contains("of now")
        .doesNotContain("of then");
  }

  @Test
  void onceItServesTheOneBeforeDoesNotCount() {
    assertThat(said(restarted("level=info msg=\"Starting Workload and SDS APIs\"\n")))
        .doesNotContain("of then");
  }

  private static ClusterScene ready(String started) {
    return restarted("level=info msg=\"Plugin loaded\"\n")
        .set(Kind.POD, AGENT, "/status/containerStatuses/0/ready", "true")
        .set(
            Kind.POD,
            AGENT,
            "/status/containerStatuses/0/state",
            "{running: {startedAt: '" + started + "'}}");
  }

  @Test
  void ofAReadyContainerTheOneBeforeDoesNotCount() {
    String now = "2026-01-02T03:04:00Z";
    assertThat(
            said(
                ready(now)
                    .set(
                        Kind.POD,
                        AGENT,
                        "/spec/containers/0/readinessProbe",
                        "{periodSeconds: 5}")))
        .doesNotContain("of then");
    // Without a probe it is ready as soon as it runs.
    assertThat(said(ready(now))).contains("of then");
    assertThat(said(ready("2026-01-02T03:01:00Z"))).doesNotContain("of then");
  }
}
