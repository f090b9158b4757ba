package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Ranking.Found;

class RankingTest {
  private static final Subject SUBJECT = new Subject("Pod", Optional.of("apps"), "web");

  private static final class Cause implements Rule {}

  private static final class Consequence implements Rule {
    @Override
    public Set<Class<? extends Rule>> explainedBy() {
      return Set.of(Cause.class);
    }
  }

  private static Found found(Rule rule, Severity severity) {
    Finding.Builder finding =
        severity == Severity.ERROR ? Finding.error(rule, SUBJECT) : Finding.warning(rule, SUBJECT);
    return new Found(rule, ((Outcome.Found) finding.found("x")).finding());
  }

  private static List<Boolean> explained(Severity cause, Severity consequence) {
    return Ranking.rank(List.of(found(new Consequence(), consequence), found(new Cause(), cause)))
        .stream()
        .map(one -> one.explainedBy().isPresent())
        .toList();
  }

  @Test
  void aWarningExplainsNoError() {
    assertThat(explained(Severity.WARNING, Severity.ERROR)).containsExactly(false, false);
  }

  @Test
  void whatIsAsGraveOrGraverExplains() {
    assertThat(explained(Severity.ERROR, Severity.ERROR)).containsExactly(false, true);
    assertThat(explained(Severity.ERROR, Severity.WARNING)).containsExactly(false, true);
    assertThat(explained(Severity.WARNING, Severity.WARNING)).containsExactly(false, true);
  }
}
