package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Ranking.Found;

class RankingTest {
  private static final Subject SUBJECT = new Subject("Pod", Optional.of("apps"), "web");

  private static final class Cause implements Rule {
    @Override
    public Set<Effect> effects() {
      return Set.of(Effect.AGENT_ABSENT);
    }
  }

  private static final class Consequence implements Rule {
    @Override
    public Set<Effect> explainedBy() {
      return Set.of(Effect.AGENT_ABSENT);
    }
  }

  private static Found found(Rule rule, Severity severity, Scope scope) {
    Finding.Builder finding =
        severity == Severity.ERROR
            ? Finding.error(rule, SUBJECT, scope)
            : Finding.warning(rule, SUBJECT, scope);
    return new Found(rule, ((Outcome.Found) finding.found("x")).finding());
  }

  private static List<Boolean> explained(Severity cause, Severity consequence) {
    return explained(
        found(new Cause(), cause, Scope.CLUSTER),
        found(new Consequence(), consequence, Scope.CLUSTER));
  }

  private static List<Boolean> explained(Found cause, Found consequence) {
    return Ranking.rank(List.of(consequence, cause)).stream()
        .map(one -> one.explainedBy().isPresent())
        .toList();
  }

  /** Without a change of any other rule. */
  @Test
  void aNewCauseExplainsWhatItsEffectsAreKnownFor() {
    for (String sign : List.of("identity-not-issued", "pod-crashing", "workload-complains")) {
      Rule known = Rules.byId(sign).orElseThrow();
      assertThat(
              explained(
                  found(new Cause(), Severity.ERROR, Scope.CLUSTER),
                  found(known, Severity.ERROR, Scope.CLUSTER)))
          .as(sign)
          .containsExactly(false, true);
    }
  }

  /** Two agents that are not on their nodes are two faults, and none is why the other is. */
  @Test
  void noRuleExplainsItself() {
    Rule rule = Rules.byId("agent-not-on-node").orElseThrow();
    assertThat(rule.effects()).containsAnyElementsOf(rule.explainedBy());
    Found first = found(rule, Severity.ERROR, Scope.CLUSTER);
    Found second = found(rule, Severity.ERROR, Scope.installation("one"));
    assertThat(explained(first, second)).doesNotContain(true);
  }

  @Test
  void aWarningExplainsNoError() {
    assertThat(explained(Severity.WARNING, Severity.ERROR)).containsExactly(false, false);
  }

  private static boolean explains(Scope cause, Scope consequence) {
    return explained(
            found(new Cause(), Severity.ERROR, cause),
            found(new Consequence(), Severity.ERROR, consequence))
        .contains(true);
  }

  @Test
  void whatIsOfOneSpireExplainsNothingOfAnother() {
    Scope one = Scope.installation("one");
    Scope other = Scope.installation("other");
    assertThat(explains(one, one)).isTrue();
    assertThat(explains(one, other)).isFalse();
    assertThat(explains(one, other.onNodes(Set.of("node-1")))).isFalse();
    assertThat(explains(one.onNodes(Set.of("node-1")), other.onNodes(Set.of("node-1")))).isFalse();
    assertThat(explains(one, Scope.installation(Scope.UNKNOWN_INSTALLATION))).isFalse();
    assertThat(explains(one, Scope.CLUSTER)).isFalse();
    assertThat(explains(Scope.CLUSTER, one)).isTrue();
  }

  @Test
  void nodeAndPodMustFitAsWell() {
    Scope one = Scope.installation("one");
    Scope node1 = one.onNodes(Set.of("node-1"));
    assertThat(explains(node1, one.onNodes(Set.of("node-2")))).isFalse();
    assertThat(explains(node1, node1)).isTrue();
    assertThat(explains(one.ofPods(Set.of("a/x")), node1.ofPods(Set.of("a/y")))).isFalse();
    assertThat(explains(one.ofPods(Set.of("a/x")), node1.ofPods(Set.of("a/x")))).isTrue();
  }

  private static boolean explain(Scope consequence, Scope... causes) {
    List<Found> found = new ArrayList<>();
    found.add(found(new Consequence(), Severity.ERROR, consequence));
    Stream.of(causes).map(one -> found(new Cause(), Severity.ERROR, one)).forEach(found::add);
    return Ranking.rank(found).stream().anyMatch(one -> one.explainedBy().isPresent());
  }

  /** A fault of one node does not hide one of pods on many. */
  @Test
  void onlyWhatIsCoveredAsAWholeIsExplained() {
    Scope one = Scope.installation("one");
    Scope both = one.onNodes(Set.of("node-1", "node-2"));
    Scope pods = both.ofPods(Set.of("a/x", "a/y"));
    for (Scope consequence : List.of(both, pods)) {
      assertThat(explain(consequence, one.onNodes(Set.of("node-1")))).isFalse();
      assertThat(explain(consequence, one.onNodes(Set.of("node-1", "node-3")))).isFalse();
      assertThat(explain(consequence, both)).isTrue();
      assertThat(explain(consequence, one.onNodes(Set.of("node-1")), one.onNodes(Set.of("node-2"))))
          .isTrue();
    }
    assertThat(explain(one, one.onNodes(Set.of("node-1")))).isFalse();
    assertThat(explain(one, one.ofPods(Set.of("a/x")))).isFalse();
    assertThat(explain(Scope.CLUSTER, Scope.CLUSTER.ofPods(Set.of("a/x")))).isFalse();
    // One of them has no node yet.
    assertThat(explain(one.ofPods(Set.of("a/x", "a/y")), pods)).isTrue();
    Scope x = one.ofPods(Set.of("a/x"));
    assertThat(explain(pods, x)).isFalse();
    assertThat(explain(pods, x, one.ofPods(Set.of("a/y")))).isTrue();
    assertThat(explain(pods, x, one.onNodes(Set.of("node-2")))).isFalse();
    assertThat(explain(pods, x.onNodes(Set.of("node-1")), both)).isTrue();
  }

  /** What an agent says names its node, and not the pod that it was asked for. */
  @Test
  void whatIsKnownOfANodeOnlyMayBeOfAPodOnIt() {
    Scope one = Scope.installation("one");
    Scope node1 = one.onNodes(Set.of("node-1"));
    Scope both = one.onNodes(Set.of("node-1", "node-2"));
    Scope x = node1.ofPods(Set.of("a/x"));
    Scope y = one.onNodes(Set.of("node-2")).ofPods(Set.of("a/y"));
    assertThat(explain(node1, x)).isTrue();
    assertThat(explain(node1, y)).isFalse();
    assertThat(explain(both, x)).isFalse();
    assertThat(explain(both, x, y)).isTrue();
    assertThat(explain(one, x)).isFalse();
    assertThat(explain(one, one.ofPods(Set.of("a/x")))).isFalse();
    // It has no node yet.
    assertThat(explain(node1, one.ofPods(Set.of("a/x")))).isFalse();
  }

  @Test
  void whatIsAsGraveOrGraverExplains() {
    assertThat(explained(Severity.ERROR, Severity.ERROR)).containsExactly(false, true);
    assertThat(explained(Severity.ERROR, Severity.WARNING)).containsExactly(false, true);
    assertThat(explained(Severity.WARNING, Severity.WARNING)).containsExactly(false, true);
  }

  private static Found reaching(String rule, Severity severity, int from, int pods) {
    return found(
        Rules.byId(rule).orElseThrow(),
        severity,
        Scope.CLUSTER.ofPods(
            IntStream.range(from, from + pods)
                .mapToObj(i -> "apps/" + i)
                .collect(Collectors.toSet())));
  }

  /** Of what stops SPIRE itself not all that follows need be known. */
  @Test
  void inAFleetTheWorstAndMostFarReachingIsFirst() {
    List<Found> found =
        List.of(
            reaching("pod-crashing", Severity.WARNING, 0, 90),
            reaching("entry-expired", Severity.ERROR, 100, 2),
            reaching("pod-not-started", Severity.ERROR, 200, 80),
            found(
                Rules.byId("spire-version-known-bad").orElseThrow(), Severity.ERROR, Scope.CLUSTER),
            reaching("pod-not-scheduled", Severity.ERROR, 300, 40));
    assertThat(Ranking.rank(found).stream().map(one -> one.finding().id()))
        .containsExactly(
            "spire-version-known-bad",
            "pod-not-started",
            "pod-not-scheduled",
            "entry-expired",
            "pod-crashing");
  }
}
