package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.diagnosis.Report.Ranked;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.diagnosis.TwoSpires.Order;
import org.spiredoctor.evidence.cluster.ClusterEvidence;

/**
 * Every scene of every rule's test, with a second SPIRE beside the one of the scene: what is found
 * of the one is found and explained as before, and nothing of it explains, condemns or changes
 * anything of the second.
 */
class TwoSpiresTest {
  private static final Path TESTS = Path.of("src/test/java/org/spiredoctor/diagnosis/rules");

  /** Findings that reach pods of every SPIRE, and why they do. */
  private static final Map<String, String> REACH_ALL =
      Map.of(
          "cluster-unreachable", "no pod of any SPIRE is seen",
          "namespace-missing", "the question is wrong, and none of its pods exists",
          "pod-not-found", "the question is wrong, and its pod does not exist");

  /** Findings whose summary or evidence names both SPIREs, and why it does. */
  private static final Map<String, String> NAME_ALL =
      Map.of(
          "namespace-missing", "lists the namespaces that exist",
          "pod-socket-path-mismatch", "names each socket where it is not known whose the pod is",
          "trust-domain-mismatch", "says that no SPIRE here has the domain that the user expects");

  /** Findings that are of the cluster where it has one SPIRE, and of that SPIRE beside another. */
  private static final Set<String> OF_ONE =
      Set.of("agent-not-found", "server-not-found", "trust-domain-mismatch");

  record Scene(String name, ClusterEvidence evidence) {
    @Override
    public String toString() {
      return name;
    }
  }

  @Test
  void theSecondOneIsHealthy() {
    assertThat(ClusterScene.report(TwoSpires.second()).verdict()).isEqualTo(Verdict.HEALTHY);
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void whatIsFoundOfOneConcernsNoOther(Scene scene) {
    Report alone = ClusterScene.report(TwoSpires.alone(scene.evidence()));
    for (Order order : Order.values()) {
      Report both = ClusterScene.report(TwoSpires.beside(scene.evidence(), order, true));
      itsFindingsStay(alone, both);
      nothingReachesTheSecond(both);
      theSecondIsJudgedByItself(scene.evidence(), both);
      Report one = ClusterScene.report(TwoSpires.beside(scene.evidence(), order, false));
      itsVerdictStays(alone, one);
    }
  }

  /** A rule without such a scene is not tried here: its test must have one. */
  @Test
  void everyRuleThatExplainsOthersIsTried() throws Throwable {
    Set<String> alone = new TreeSet<>();
    Set<String> both = new TreeSet<>();
    for (Scene scene : scenes()) {
      alone.addAll(ids(ClusterScene.report(TwoSpires.alone(scene.evidence()))));
      both.addAll(
          ids(ClusterScene.report(TwoSpires.beside(scene.evidence(), Order.SECOND_LAST, false))));
    }
    assertThat(both).containsAll(alone);
    assertThat(both)
        .containsAll(
            Rules.all().stream()
                .filter(TwoSpiresTest::explains)
                .filter(TwoSpiresTest::examinesClusters)
                .map(Rule::id)
                .toList());
  }

  private static boolean explains(Rule rule) {
    return !rule.effects().isEmpty();
  }

  private static boolean examinesClusters(Rule rule) {
    return Stream.of(rule.getClass().getDeclaredMethods())
        .filter(method -> method.getName().equals("examine"))
        .anyMatch(method -> List.of(method.getParameterTypes()).equals(List.of(ClusterCase.class)));
  }

  private static void itsFindingsStay(Report alone, Report both) {
    List<String> before = keys(alone, _ -> true);
    List<String> after = keys(both, ranked -> !isOfSecond(ranked));
    if (ids(alone).contains("agent-not-found") && !ids(both).contains("agent-not-found")) {
      // Its server might be for another cluster: the pods of unknown agents are unknown.
      assertThat(both.unknown())
          .extracting(Report.Undetermined::id)
          .contains("identity-not-issued");
    } else {
      assertThat(after).containsExactlyInAnyOrderElementsOf(before);
    }
  }

  private static List<String> keys(Report report, Predicate<Ranked> which) {
    return report.findings().stream()
        .filter(which)
        .map(
            ranked ->
                ranked.finding().severity()
                    + " "
                    + ranked.finding().id()
                    + (OF_ONE.contains(ranked.finding().id())
                        ? ""
                        : " of " + ranked.finding().subject().inWords())
                    + " "
                    + ranked.finding().confidence()
                    + " explained by "
                    + ranked.explainedBy().orElse("nothing"))
        .toList();
  }

  private static boolean isOfSecond(Ranked ranked) {
    return ranked.finding().subject().name().startsWith(TwoSpires.NAME);
  }

  private static void nothingReachesTheSecond(Report both) {
    for (Ranked ranked : both.findings()) {
      Finding finding = ranked.finding();
      if (isOfSecond(ranked)) {
        assertThat(finding.toString())
            .as("nothing of the first in %s of the second", finding.id())
            .doesNotContain("spire-system", "example.org", "/run/spire/");
        continue;
      }
      if (!REACH_ALL.containsKey(finding.id())) {
        assertThat(finding.scope())
            .as("scope of %s", finding.id())
            .matches(scope -> !scope.covers(TwoSpires.scopeOf(TwoSpires.SERVED)))
            .matches(scope -> !scope.covers(TwoSpires.scopeOf(TwoSpires.UNSERVED)));
      }
      assertThat(finding.remedies().toString())
          .as("remedies of %s", finding.id())
          .doesNotContain(TwoSpires.NAME);
      if (!NAME_ALL.containsKey(finding.id())) {
        assertThat(finding.summary() + finding.evidence())
            .as("%s", finding.id())
            .doesNotContain(TwoSpires.NAME);
      }
    }
  }

  private static void theSecondIsJudgedByItself(ClusterEvidence scene, Report both) {
    List<String> expected = new ArrayList<>();
    if (TwoSpires.asksForSecond(scene)) {
      expected.add("entry-selector-mismatch of aqua-unserved explained by nothing");
      expected.add("identity-not-issued of aqua-unserved explained by entry-selector-mismatch");
      if (!scene.query().federatesWith().isEmpty()) {
        // Every pod is asked for the bundles that the user wants.
        expected.add("federation-bundle-missing of aqua-served explained by nothing");
      }
    }
    assertThat(both.findings())
        .filteredOn(TwoSpiresTest::isOfSecond)
        .extracting(
            ranked ->
                ranked.finding().id()
                    + " of "
                    + ranked.finding().subject().name()
                    + " explained by "
                    + ranked.explainedBy().orElse("nothing"))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  /** Nothing becomes healthy or broken by a healthy neighbour; something may become unknown. */
  private static void itsVerdictStays(Report alone, Report one) {
    boolean unpaired =
        one.unknown().stream()
            .map(Report.Undetermined::missing)
            .anyMatch(
                // Its volume leads to the agents of either, or the other server is not asked.
                why -> why.contains("there are several") || why.contains("no server was asked"));
    if (one.verdict() != Verdict.UNKNOWN || !unpaired) {
      assertThat(one.verdict()).isEqualTo(alone.verdict());
    }
  }

  private static Set<String> ids(Report report) {
    return report.findings().stream()
        .map(ranked -> ranked.finding().id())
        .collect(Collectors.toSet());
  }

  /** Each cluster that is reported in a test of rules. */
  static List<Scene> scenes() throws Throwable {
    List<Scene> scenes = new ArrayList<>();
    for (Class<?> test : tests()) {
      List<Method> methods =
          Stream.of(test.getDeclaredMethods())
              .filter(method -> method.isAnnotationPresent(Test.class))
              .sorted(Comparator.comparing(Method::getName))
              .toList();
      for (Method method : methods) {
        String name = test.getSimpleName() + "." + method.getName();
        List<ClusterEvidence> reported = reportedBy(test, method);
        for (int i = 0; i < reported.size(); i++) {
          scenes.add(new Scene(name + " " + i, reported.get(i)));
        }
      }
    }
    return scenes;
  }

  private static List<Class<?>> tests() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.walk(TESTS)) {
      files = all.filter(f -> f.toString().endsWith("Test.java")).sorted().toList();
    }
    List<Class<?>> tests = new ArrayList<>();
    for (Path file : files) {
      String name = TESTS.relativize(file).toString().replace(".java", "").replace('/', '.');
      tests.add(Class.forName("org.spiredoctor.diagnosis.rules." + name));
    }
    return tests;
  }

  private static List<ClusterEvidence> reportedBy(Class<?> test, Method method) throws Throwable {
    Constructor<?> constructor = test.getDeclaredConstructor();
    constructor.setAccessible(true);
    method.setAccessible(true);
    Object instance = constructor.newInstance();
    return ClusterScene.reportedBy(() -> method.invoke(instance));
  }
}
