package org.spiredoctor.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Pod;

/** Which entries a run leaves alone, since another uses them. */
class LiveRunsTest {
  private static Set<Selector> selectors(String... texts) {
    return Stream.of(texts).map(Selector::parse).collect(Collectors.toSet());
  }

  private static Entry entry(String... selectors) {
    return Entry.of(
        "spiffe://example.org/web", "spiffe://example.org/spire-agent", selectors(selectors));
  }

  @Test
  void whatMayBeServedToTheirPodsIsInUse() {
    LiveRuns runs =
        new LiveRuns(
            Optional.of(
                List.of(selectors("k8s:ns:apps", "k8s:sa:tests", "k8s:pod-label:app:tests"))));
    assertThat(runs.test(entry("k8s:ns:apps", "k8s:sa:tests"))).isTrue();
    assertThat(runs.test(entry("k8s:ns:apps", "k8s:sa:other"))).isFalse();
    assertThat(runs.test(entry("k8s:ns:apps", "k8s:pod-label:app:web"))).isFalse();
    // Whether the agent sees this one, nobody can tell from outside.
    assertThat(runs.test(entry("k8s:ns:apps", "k8s:image-signature:verified"))).isTrue();
  }

  @Test
  void wherePodsWereNotSeenAnyEntryMayBeInUse() {
    assertThat(new LiveRuns(Optional.empty()).test(entry("k8s:ns:apps"))).isTrue();
    assertThat(new LiveRuns(Optional.of(List.of())).test(entry("k8s:ns:apps"))).isFalse();
  }

  private static Pod pod(String manager, String phase, boolean deleting, boolean ended) {
    ObjectNode pod = JsonNodeFactory.instance.objectNode();
    ObjectNode meta = pod.putObject("metadata").put("name", "tests").put("namespace", "apps");
    meta.putObject("labels").put("app.kubernetes.io/managed-by", manager);
    if (deleting) {
      meta.put("deletionTimestamp", "2026-01-01T00:00:00Z");
    }
    pod.putObject("spec").putArray("containers").addObject().put("name", "test");
    ObjectNode status = pod.putObject("status").put("phase", phase);
    ObjectNode container = status.putArray("containerStatuses").addObject().put("name", "test");
    container.putObject("state").putObject(ended ? "terminated" : "running").put("exitCode", 0);
    return Pod.of(pod);
  }

  @Test
  void aRunIsAliveUntilItsTestsHaveEnded() {
    assertThat(TestPod.isLive(pod("spire-doctor", "Running", false, false))).isTrue();
    assertThat(TestPod.isLive(pod("spire-doctor", "Pending", false, false))).isTrue();
    assertThat(TestPod.isLive(pod("spire-doctor", "Running", false, true))).isFalse();
    assertThat(TestPod.isLive(pod("spire-doctor", "Failed", false, false))).isFalse();
    assertThat(TestPod.isLive(pod("spire-doctor", "Running", true, false))).isFalse();
    assertThat(TestPod.isLive(pod("helm", "Running", false, false))).isFalse();
  }
}
