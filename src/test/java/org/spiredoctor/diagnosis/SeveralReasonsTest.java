package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.kube.Kind;

/** What Kubernetes or a program says differs: one fault of one rule is not the other. */
class SeveralReasonsTest {
  private static final int PODS = 6;

  /** Says something of a pod. */
  private interface Says {
    void of(ClusterScene scene, String pod);
  }

  /** Pods without an owner, six for each reason. */
  private static ClusterScene pods(Map<String, Says> reasons) {
    ClusterScene scene = ClusterScene.healthy();
    reasons.forEach(
        (name, says) -> {
          for (int i = 0; i < PODS; i++) {
            String pod = name + "-7c9d8f6b5-" + i;
            scene
                .copy(Kind.POD, "web", pod)
                .set(Kind.POD, pod, "/metadata/ownerReferences", "[]")
                .set(Kind.POD, pod, "/status/conditions", "[{type: Ready, status: \"False\"}]");
            says.of(scene, pod);
          }
        });
    return scene;
  }

  /** Says {@code POD} and {@code HASH} for what is another in each pod. */
  private static Says waiting(String reason, String message) {
    return (scene, pod) ->
        pending(scene, pod)
            .set(
                Kind.POD,
                pod,
                "/status/containerStatuses",
                "[{name: app, state: {waiting: {reason: %s, message: '%s'}}}]"
                    .formatted(reason, own(message, pod)));
  }

  private static Says event(String reason, String message) {
    return (scene, pod) ->
        pending(scene, pod)
            .set(Kind.POD, pod, "/status/containerStatuses", "[]")
            .event("Pod", "apps", pod, reason, own(message, pod));
  }

  private static ClusterScene pending(ClusterScene scene, String pod) {
    return scene.set(Kind.POD, pod, "/status/phase", "\"Pending\"");
  }

  private static String own(String message, String pod) {
    return message.replace("POD", pod).replace("HASH", Integer.toHexString(pod.hashCode()));
  }

  private static Says unscheduled(String message) {
    return (scene, pod) ->
        pending(scene, pod)
            .set(Kind.POD, pod, "/spec/nodeName", "\"\"")
            .set(Kind.POD, pod, "/status/containerStatuses", "[]")
            .event("Pod", "apps", pod, "FailedScheduling", message);
  }

  private static Says ended(String field, String end, String message) {
    return (scene, pod) -> {
      String container = field.startsWith("init") ? "wait" : "app";
      if (!container.equals("app")) {
        pending(scene, pod).set(Kind.POD, pod, "/spec/initContainers", "[{name: wait, image: w}]");
      }
      scene.set(
          Kind.POD,
          pod,
          "/status/" + field,
          """
              [{name: %s, ready: false, restartCount: 3, state: {waiting: {reason: CrashLoopBackOff}},
                lastState: {terminated: {%s, message: "%s"}}}]
              """
              .formatted(container, end, own(message, pod)));
    };
  }

  /** Each reason is told with all of its pods, and with none of the others. */
  private static void assertToldApart(String id, Map<String, Says> reasons) {
    Report report = pods(new TreeMap<>(reasons)).report();
    List<Report.Ranked> told =
        report.findings().stream().filter(one -> one.finding().id().equals(id)).toList();
    assertThat(told).hasSameSizeAs(reasons.keySet()).allMatch(Report.Ranked::isOneCause);
    assertThat(told).allMatch(one -> one.pods() == PODS);
    assertThat(told)
        .allSatisfy(
            one ->
                assertThat(one.alike())
                    .extracting(other -> name(other.subject()))
                    .containsOnly(name(one.finding().subject())));
  }

  private static String name(Subject subject) {
    return subject.name().replaceAll("-.*", "");
  }

  @Test
  void podsThatDoNotStart() {
    Map<String, Says> reasons =
        Map.of(
            "secret",
            waiting("CreateContainerConfigError", "secret \"db\" not found"),
            "othersecret",
            waiting("CreateContainerConfigError", "secret \"tls\" not found"),
            "configmap",
            event(
                "FailedMount",
                "MountVolume.SetUp failed for volume \"c\" : configmap \"db\" not found"),
            "key",
            waiting("CreateContainerConfigError", "couldn''t find key pin in Secret apps/db"),
            "driver",
            event(
                "FailedMount",
                "MountVolume.SetUp failed for volume \"kube-api-access-HASH\" : kubernetes.io/csi:"
                    + " mounter.SetUpAt failed to get CSI client: driver name nfs.csi.k8s.io not"
                    + " found in the list of registered CSI drivers"),
            "denied",
            waiting("RunContainerError", "exec: \"/app\": permission denied"),
            "full",
            waiting("RunContainerError", "/var/lib/HASH/rootfs: no space left on device"),
            "network",
            event(
                "FailedCreatePodSandBox",
                "failed to setup network for sandbox \"HASH\": plugin (add): POD: connection refused"));
    assertToldApart("pod-not-started", reasons);
    assertThat(
            pods(reasons).report().causes().map(Finding::summary).collect(Collectors.joining("\n")))
        .contains(
            "(CreateContainerConfigError: secret db is missing)",
            "(FailedMount: configmap db is missing)",
            "(CreateContainerConfigError: key pin is missing in Secret apps/db)",
            "(FailedMount: CSI driver nfs.csi.k8s.io is not registered)",
            "(RunContainerError: no space left on device)",
            "(FailedCreatePodSandBox: connection refused)");
  }

  private static String first(ClusterScene scene) {
    return Stream.of(scene.report().findings().getFirst().finding())
        .map(Finding::summary)
        .collect(Collectors.joining());
  }

  private static ClusterScene waits() {
    return ClusterScene.healthy()
        .set(Kind.POD, "web", "/status/phase", "\"Pending\"")
        .set(Kind.POD, "web", "/status/containerStatuses", "[]")
        .set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: \"False\"}]");
  }

  /** An older event of something else is not why it waits. */
  @Test
  void aTimeoutIsExplainedByTheSameThatFailedOnly() {
    String timeout = "unmounted volumes=[spiffe]: timed out waiting for the condition";
    String missing = "MountVolume.SetUp failed: configmap \"c\" not found";
    assertThat(
            first(
                waits()
                    .event("Pod", "apps", "web", "FailedScheduling", "3 Insufficient cpu")
                    .event("Pod", "apps", "web", "FailedMount", timeout)))
        .contains("(FailedMount: timed out waiting for the condition)");
    assertThat(
            first(
                waits()
                    .event("Pod", "apps", "web", "FailedMount", missing)
                    .event("Pod", "apps", "web", "FailedMount", timeout)))
        .contains("(FailedMount: configmap c is missing)");
    assertThat(
            first(
                waits()
                    .event("Pod", "apps", "web", "FailedMount", missing)
                    .event(
                        "Pod",
                        "apps",
                        "web",
                        "FailedCreatePodSandBox",
                        "context deadline exceeded")))
        .contains("(FailedCreatePodSandBox: context deadline exceeded)");
  }

  @Test
  void noReasonIsNone() {
    Finding.Builder finding =
        Finding.error(
            Rules.byId("pod-not-started").orElseThrow(),
            new Subject("Pod", Optional.of("apps"), "web"),
            Scope.CLUSTER);
    assertThat(((Outcome.Found) finding.reason(" ").found("x")).finding().reason()).isEmpty();
  }

  @Test
  void podsThatNoNodeTakes() {
    assertToldApart(
        "pod-not-scheduled",
        Map.of(
            "cpu",
            (scene, pod) ->
                unscheduled("0/3 nodes: 3 Insufficient cpu" + (pod.endsWith("1") ? ", 1 x." : "."))
                    .of(scene, pod),
            "memory",
            unscheduled("0/3 nodes are available: 3 Insufficient memory."),
            "taint",
            unscheduled("0/3 nodes are available: 3 node(s) had untolerated taint {a: b}."),
            "claim",
            unscheduled("persistentvolumeclaim \"data\" not found")));
  }

  @Test
  void imagesThatAreNotPulled() {
    assertToldApart(
        "pod-image-not-pulled",
        Map.of(
            "absent",
            waiting("ErrImagePull", "failed to resolve reference \"r.test/x:HASH\": not found"),
            "denied",
            waiting("ImagePullBackOff", "pulling r.test/x:HASH: 401: authentication required"),
            "unauthorized",
            waiting(
                "ErrImagePull", "unexpected status from HEAD request to r.test: 401 Unauthorized"),
            "forbidden",
            waiting("ErrImagePull", "unexpected status from HEAD request to r.test: 403 Forbidden"),
            "slow",
            waiting("ErrImagePull", "dial tcp 10.0.0.1:443: i/o timeout"),
            "ended",
            waiting("ErrImagePull", "Head \"https://r.test/v2/x\": EOF"),
            "never",
            waiting(
                "ErrImageNeverPull", "Container image is not present with pull policy of Never")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pod-init-failed", "pod-crashing"})
  void containersThatEnd(String id) {
    String field = id.equals("pod-crashing") ? "containerStatuses" : "initContainerStatuses";
    assertToldApart(
        id,
        Map.of(
            "database",
            ended(field, "exitCode: 1, reason: Error", "POD HASH: error: no route to the database"),
            "schema",
            ended(field, "exitCode: 1, reason: Error", "FATAL: schema 41 is newer than POD"),
            "code",
            ended(field, "exitCode: 3, reason: Error", "FATAL: schema 41 is newer than POD"),
            "memory",
            ended(field, "exitCode: 137, reason: OOMKilled", ""),
            "killed",
            ended(field, "exitCode: 137, reason: Error", "")));
  }
}
