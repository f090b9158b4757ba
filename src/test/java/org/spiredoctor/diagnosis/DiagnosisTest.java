package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.FileKind;

class DiagnosisTest {
  private static List<Throwable> failures() {
    return List.of(new IllegalStateException("our own fault"), new StackOverflowError());
  }

  /** A rule with a fault of its own. */
  private record Faulty(Throwable failure) implements Rule {
    @Override
    public Outcome examine(Evidence evidence) {
      throw fail();
    }

    @Override
    public List<Outcome> examine(ClusterCase cluster) {
      throw fail();
    }

    private RuntimeException fail() {
      if (failure instanceof Error error) {
        throw error;
      }
      return (RuntimeException) failure;
    }
  }

  private static List<Rule> withFaulty(Throwable failure) {
    List<Rule> rules = new ArrayList<>(List.of(new Faulty(failure)));
    rules.addAll(Rules.all());
    return rules;
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aRuleThatFailsIsUnknown(Throwable failure) {
    Report report =
        Diagnosis.examine(new ClusterCase(ClusterScene.healthy().evidence()), withFaulty(failure));
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.id()).isEqualTo("faulty");
              assertThat(one.missing()).contains(failure.toString(), "fault of spire-doctor");
            });
  }

  @ParameterizedTest
  @MethodSource("failures")
  void theOthersStillFindWhatTheyFind(Throwable failure) {
    Report report =
        Diagnosis.examine(
            new ClusterCase(ClusterScene.healthy().webEntry().evidence()), withFaulty(failure));
    assertThat(report.causes().map(Finding::id)).containsExactly("entry-missing");
  }

  @Test
  void inAPodToo() {
    Report report =
        Diagnosis.examine(
            Scene.pod().at(FileKind.MISSING).evidence(),
            withFaulty(new IllegalStateException("our own fault")));
    assertThat(report.verdict()).isEqualTo(Verdict.PROBLEMS);
    assertThat(report.unknown()).extracting(Report.Undetermined::id).contains("faulty");
  }
}
