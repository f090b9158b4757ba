package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.spire.Ending;
import org.spiredoctor.spire.Ending.Phase;

/** Whatever goes wrong, and however strange it is: it is never reported as healthy. */
class NeverHealthyTest {
  private static final List<String> CAUSES =
      List.of(
          "",
          "ConnectException: Connection refused",
          "SocketException: No such file or directory",
          "SocketException: Permission denied",
          "SocketException: Connection reset",
          "Http2Exception: garbage",
          "IllegalStateException: our own fault");

  @ParameterizedTest
  @EnumSource(Status.Code.class)
  void noEndingOfACall(Status.Code code) {
    for (Phase phase : Phase.values()) {
      for (String cause : CAUSES) {
        for (Duration took : List.of(Duration.ofMillis(3), Duration.ofSeconds(30))) {
          for (boolean timedOut : List.of(true, false)) {
            Ending ending = new Ending(phase, code, "something", cause, timedOut);
            Report report = Scene.pod().ended(ending, took).report();
            assertThat(report.verdict())
                .as("%s after %s", ending, took)
                .isEqualTo(Verdict.PROBLEMS);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = FileKind.class, mode = EnumSource.Mode.EXCLUDE, names = "SOCKET")
  void nothingThatLiesInTheSocketsPlace(FileKind kind) {
    for (Scene scene :
        List.of(
            Scene.pod().at(kind),
            Scene.pod().at(kind).outsidePod(),
            Scene.pod().at(kind).unlistable("Permission denied"),
            Scene.pod().at(kind).unlistable("Input/output error").outsidePod())) {
      assertThat(scene.report().verdict()).as("%s", kind).isNotEqualTo(Verdict.HEALTHY);
    }
  }

  @Test
  void noSvidInTheAnswer() {
    assertThat(Scene.pod().answer().report().verdict()).isEqualTo(Verdict.PROBLEMS);
  }

  @Test
  void whatTheChosenRulesDoNotLookAt() {
    List<Rule> one = List.of(Rules.byId("identity-not-issued").orElseThrow());
    Report report = Diagnosis.examine(Scene.pod().at(FileKind.MISSING).evidence(), one);
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void noCallAtAll() {
    assertThat(Scene.pod().report().verdict()).isEqualTo(Verdict.UNKNOWN);
  }
}
