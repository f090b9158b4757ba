package org.spiredoctor.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Pod;

class PodTroubleTest {
  private static final String SPEC =
      """
      metadata: {namespace: apps, name: tests@META@}
      spec:
        initContainers: [{name: wait-for-socket}, {name: setup}]
        containers: [{name: test}, {name: sidecar}]
      status:
      """;

  private static Pod pod(String status) {
    return pod(status, "");
  }

  private static Pod pod(String status, String meta) {
    return read(SPEC.replace("@META@", meta) + status.indent(2));
  }

  private static Pod read(String yaml) {
    try {
      return Pod.of(new YAMLMapper().readTree(yaml));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<String> of(Pod pod) {
    return PodTrouble.of(pod, List.of(), Duration.ofSeconds(30)).map(PodTrouble::what);
  }

  private static Pod waiting(String reason, String message) {
    return pod(
        "phase: Pending\ninitContainerStatuses: [{name: setup, state: {waiting: {reason: %s, message: '%s'}}}]"
            .formatted(reason, message));
  }

  @Test
  void aPodOnItsWayIsInNoTrouble() {
    assertThat(of(pod("phase: Pending"))).isEmpty();
    assertThat(of(waiting("PodInitializing", ""))).isEmpty();
    assertThat(of(waiting("ContainerCreating", ""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "InvalidImageName",
        "ErrImageNeverPull",
        "CreateContainerConfigError",
        "RunContainerError"
      })
  void whatTryingAgainDoesNotMendIsTold(String reason) {
    assertThat(of(waiting(reason, "why")))
        .contains("init container setup of pod apps/tests does not start: " + reason + ": why");
  }

  @Test
  void aRegistryThatRefusesIsNotAskedAgain() {
    assertThat(soon(waiting("ErrImagePull", "x:1: not found"))).isPresent();
    assertThat(soon(waiting("ErrImagePull", "pull access denied"))).isPresent();
    assertThat(soon(waiting("ImagePullBackOff", "Back-off pulling image"))).isEmpty();
    // Before 1.31 only the event says why.
    Event failed =
        new Event(
            "Pod", "apps", "tests", "", "Warning", "Failed", "x: not found", Optional.empty());
    assertThat(
            PodTrouble.of(
                waiting("ImagePullBackOff", "Back-off pulling image"),
                List.of(failed),
                Duration.ofSeconds(1)))
        .isPresent();
  }

  @Test
  void oneThatDoesNotAnswerIsAskedForHalfAMinute() {
    for (String reason : List.of("ErrImagePull", "ImagePullBackOff", "CreateContainerError")) {
      assertThat(soon(waiting(reason, "i/o timeout"))).isEmpty();
      assertThat(of(waiting(reason, "i/o timeout"))).isPresent();
    }
  }

  private static Optional<String> soon(Pod pod) {
    return PodTrouble.of(pod, List.of(), Duration.ofSeconds(29)).map(PodTrouble::what);
  }

  /** One that the mesh put in, with restartPolicy: Always. */
  @Test
  void whatSidecarsDoIsNotJudged() {
    String sidecar =
        SPEC.replace("{name: setup}]", "{name: setup}, {name: proxy}]").replace("@META@", "");
    for (String state :
        List.of(
            "terminated: {exitCode: 137, reason: Error}", "waiting: {reason: CrashLoopBackOff}")) {
      assertThat(
              of(
                  read(
                      sidecar
                          + ("phase: Running\ninitContainerStatuses: [{name: proxy, state: {"
                                  + state
                                  + "}}]\n")
                              .indent(2))))
          .isEmpty();
    }
    assertThat(
            of(
                pod(
                    "phase: Running\ncontainerStatuses: [{name: sidecar, state: {waiting: {reason: ImagePullBackOff}}}]")))
        .isEmpty();
    assertThat(
            of(
                read(
                    sidecar
                        + "phase: Failed\ninitContainerStatuses: [{name: proxy, state: {terminated: {exitCode: 3}}}]\n"
                            .indent(2))))
        .contains("Pod apps/tests failed: init container proxy failed");
  }

  @Test
  void anInitContainerThatFailedIsNamed() {
    Pod pod =
        pod(
            """
            phase: Failed
            initContainerStatuses:
            - {name: wait-for-socket, state: {terminated: {exitCode: 1, reason: Error}}}
            """);
    PodTrouble trouble = PodTrouble.of(pod, List.of(), Duration.ZERO).orElseThrow();
    assertThat(trouble.what()).isEqualTo("init container wait-for-socket failed (exit code: 1)");
    assertThat(trouble.container()).contains("wait-for-socket");
  }

  @Test
  void howTheTestsEndIsTheirOwnAffair() {
    assertThat(
            of(
                pod(
                    "phase: Failed\ncontainerStatuses: [{name: test, state: {terminated: {exitCode: 1, reason: Error}}}]")))
        .isEmpty();
    assertThat(
            of(
                pod(
                    "phase: Running\ncontainerStatuses: [{name: sidecar, state: {terminated: {exitCode: 1}}}]")))
        .isEmpty();
  }

  @Test
  void aProgramThatWasNotStartedIsNoFailedTest() {
    assertThat(
            of(
                pod(
                    "phase: Failed\ncontainerStatuses: [{name: test, state: {terminated: {exitCode: 128, reason: StartError, message: exec format error}}}]")))
        .contains("container test failed (exit code: 128): StartError: exec format error");
  }

  @Test
  void whatBefallsThePodAsAWholeIsNoFailedTest() {
    assertThat(
            of(
                pod(
                    "phase: Failed\nreason: Evicted\nmessage: The node was low on memory.\ncontainerStatuses: [{name: test, state: {terminated: {exitCode: 137, reason: Error}}}]")))
        .contains("Pod apps/tests failed: Evicted: The node was low on memory.");
    assertThat(of(pod("phase: Running", ", deletionTimestamp: '2026-03-01T12:00:00Z'")))
        .contains("Pod apps/tests was deleted by somebody else");
  }

  @Test
  void aPodThatNoNodeTakesIsToldAfterSomeSeconds() {
    Pod pod =
        pod(
            "phase: Pending\nconditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: 0/1 nodes}]");
    assertThat(PodTrouble.of(pod, List.of(), Duration.ofSeconds(14))).isEmpty();
    assertThat(PodTrouble.of(pod, List.of(told("NotTriggerScaleUp")), Duration.ofSeconds(4)))
        .isPresent();
    assertThat(of(pod)).contains("No node takes pod apps/tests: 0/1 nodes");
    assertThat(PodTrouble.of(pod, List.of(told("TriggeredScaleUp")), Duration.ofSeconds(30)))
        .isEmpty();
    assertThat(
            of(
                pod(
                    "phase: Pending\nconditions: [{type: PodScheduled, status: 'False', reason: SchedulingGated}]")))
        .isEmpty();
  }

  private static Event told(String reason) {
    return new Event("Pod", "apps", "tests", "", "Normal", reason, "", Optional.empty());
  }
}
