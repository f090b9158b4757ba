package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.report.Pages;

/** A finding is a class, a page, a test, and an id in the schema; none of them may be missing. */
class CatalogueTest {
  private static final Path RULES = Path.of("src/main/java/org/spiredoctor/diagnosis/rules");
  private static final Path PAGES = Path.of("src/main/resources/findings");
  private static final Path SCHEMA = Path.of("docs/report.schema.json");

  static List<Rule> rules() {
    return Rules.all();
  }

  @Test
  void everyRuleClassIsKnownToTheProgram() throws IOException {
    Set<String> classes = new TreeSet<>();
    try (Stream<Path> files = Files.walk(RULES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        if (Files.readString(file).contains("implements Rule")) {
          classes.add(file.getFileName().toString().replace(".java", ""));
        }
      }
    }
    assertThat(Rules.all().stream().map(rule -> rule.getClass().getSimpleName()))
        .containsExactlyInAnyOrderElementsOf(classes);
  }

  @Test
  void everyPageBelongsToARule() throws IOException {
    try (Stream<Path> pages = Files.list(PAGES)) {
      assertThat(pages.map(page -> page.getFileName().toString().replace(".md", "")))
          .containsExactlyInAnyOrderElementsOf(Rules.all().stream().map(Rule::id).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void itsPageHasEverySection(Rule rule) {
    String page = Pages.of(rule.id()).orElseThrow();
    assertThat(page.lines().filter(line -> line.startsWith("#")))
        .containsExactly(
            "# " + rule.id(),
            "## What it means",
            "## How it looks",
            "## How to confirm by hand",
            "## How to repair",
            "## Sources");
    assertThat(Pages.summary(page)).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void itHasATestClassOfItsName(Rule rule) throws Exception {
    Class<?> test = Class.forName(rule.getClass().getName() + "Test");
    assertThat(test.getDeclaredMethods())
        .anyMatch(
            method ->
                method.isAnnotationPresent(Test.class)
                    || method.isAnnotationPresent(ParameterizedTest.class));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void itsIdIsInTheSchema(Rule rule) throws IOException {
    assertThat(Files.readString(SCHEMA)).contains('"' + rule.id() + '"');
  }

  private static Stream<String> causes(Rule sign) {
    return Rules.all().stream()
        .filter(cause -> cause.getClass() != sign.getClass())
        .filter(cause -> !Collections.disjoint(cause.effects(), sign.explainedBy()))
        .map(Rule::id);
  }

  /** An effect that nothing has, or that explains nothing, is a word too many. */
  @ParameterizedTest
  @EnumSource
  void everyEffectLeadsFromACauseToASign(Effect effect) {
    assertThat(Rules.all()).anyMatch(rule -> rule.effects().contains(effect));
    assertThat(Rules.all()).anyMatch(rule -> rule.explainedBy().contains(effect));
  }

  @Test
  void noFindingExplainsItself() {
    for (Rule rule : Rules.all()) {
      Set<String> causes = new HashSet<>();
      List<String> open = List.of(rule.id());
      while (!open.isEmpty()) {
        open =
            open.stream()
                .flatMap(id -> causes(Rules.byId(id).orElseThrow()))
                .filter(causes::add)
                .toList();
      }
      assertThat(causes).as("causes of %s", rule.id()).doesNotContain(rule.id());
    }
  }
}
