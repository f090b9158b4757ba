package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Reason;

/** What was not seen is never reported as healthy. */
class OutcomeTest {
  private static final Outcome OTHER = new Outcome.NotApplicable("there are no agents");

  @Test
  void whatWasNotSeenIsUnknownAndNotJudged() {
    Observed<List<String>> unseen =
        new Observed.Unseen<>(Reason.FORBIDDEN, "list pods", "forbidden");
    assertThat(
            Outcome.ifSeen(
                unseen,
                _ -> {
                  throw new AssertionError("judged");
                }))
        .containsExactly(new Outcome.Unknown("list pods: forbidden"));
  }

  @Test
  void whatWasSeenIsJudged() {
    assertThat(
            Outcome.ifSeen(
                new Observed.Seen<>(List.of("a")),
                seen -> seen.stream().<Outcome>map(Outcome.Unknown::new).toList()))
        .containsExactly(new Outcome.Unknown("a"));
    assertThat(Outcome.ifSeen(new Observed.Seen<>(""), _ -> List.of(OTHER))).containsExactly(OTHER);
  }

  @Test
  void withoutOutcomesItPassed() {
    assertThat(Outcome.ifSeen(new Observed.Seen<>(""), _ -> List.of()))
        .containsExactly(new Outcome.Passed());
    assertThat(Outcome.orPassed(List.of())).containsExactly(new Outcome.Passed());
    assertThat(Outcome.orPassed(List.of(OTHER))).containsExactly(OTHER);
  }

  @Test
  void whatIsMissingIsNamedOnce() {
    assertThat(Outcome.unknown(Stream.of("a", "b", "a")))
        .containsExactly(new Outcome.Unknown("a"), new Outcome.Unknown("b"));
    assertThat(Outcome.unknown(Stream.of())).isEmpty();
  }
}
