package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Report.Ranked;
import org.spiredoctor.kube.Kind;

/**
 * The rule that docs/architecture.md shows compiles, finds its fault, and explains a known sign.
 */
class WorkedExampleTest {
  private static final Path PAGE = Path.of("docs/architecture.md");
  private static final Path TEST =
      Path.of("src/test/java/org/spiredoctor/diagnosis/WorkedExampleTest.java");

  /** From its first line to the brace that ends it, which is as far to the right as that. */
  private static final Pattern CODE =
      Pattern.compile(
          "(?ms)^( *)(?:public|static) (final class PodQuarantined implements Rule \\{$.*?^\\1})$");

  private static final Pattern IMPORT = Pattern.compile("(?m)^import (.*);$");

  /** As on the page, but without the annotation that makes a rule one of Rules.all(). */
  static final class PodQuarantined implements Rule {
    private static final String LABEL = "example.org/quarantine";

    @Override
    public List<Outcome> examine(ClusterCase cluster) {
      return PodGroup.examine(
          cluster,
          pod -> "true".equals(pod.meta().labels().get(LABEL)),
          group -> Optional.of(found(group)));
    }

    private Outcome found(PodGroup group) {
      String command = Kubectl.about("label", "pod", group.first().meta(), LABEL + "-");
      return group
          .error(this)
          .seen("Kubernetes", "label " + LABEL + ": true")
          .remedy(new Remedy.Command("Remove the label from the pod", command))
          .found("The pod is in quarantine, so the agent does not give it an identity");
    }

    @Override
    public Set<Effect> effects() {
      return Set.of(Effect.IDENTITY_LACKING);
    }
  }

  private static List<String> code(Path file) throws IOException {
    List<String> found =
        CODE.matcher(Files.readString(file)).results().map(one -> one.group(2)).toList();
    assertThat(found).as("the class in %s", file).hasSize(1);
    return found.getFirst().lines().map(String::strip).toList();
  }

  @Test
  void thePageShowsThisCode() throws IOException {
    assertThat(code(PAGE)).isEqualTo(code(TEST));
  }

  @Test
  void whatThePageImportsIsThere() throws IOException {
    List<String> imports =
        IMPORT.matcher(Files.readString(PAGE)).results().map(one -> one.group(1)).toList();
    assertThat(imports).contains(Rule.class.getName(), Set.class.getName());
    for (String name : imports) {
      assertThatCode(() -> Class.forName(name)).as(name).doesNotThrowAnyException();
    }
  }

  /** Web, in quarantine or not, whose container ends for want of an identity. */
  private static ClusterScene crashing(boolean quarantined) {
    return ClusterScene.healthy()
        .set(
            Kind.POD,
            "web",
            "/metadata/labels",
            "{app: web, example.org/quarantine: \"" + quarantined + "\"}")
        .set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: \"False\"}]")
        .set(
            Kind.POD,
            "web",
            "/status/containerStatuses",
            """
            [{name: app, ready: false, restartCount: 3, state: {waiting: {reason: CrashLoopBackOff}},
              lastState: {terminated: {exitCode: 1, reason: Error}}}]
            """);
  }

  private static Report report(ClusterScene scene) {
    return Diagnosis.examine(
        new ClusterCase(scene.evidence()),
        Stream.concat(Rules.all().stream(), Stream.of(new PodQuarantined())).toList());
  }

  @Test
  void itFindsItsFault() {
    Finding found = report(crashing(true)).causes().findFirst().orElseThrow();
    assertThat(found.id()).isEqualTo("pod-quarantined");
    assertThat(found.subject().inWords()).isEqualTo("Pod apps/web");
    assertThat(found.remedies().getFirst().block())
        .isEqualTo("kubectl label pod -n apps web example.org/quarantine-");
  }

  @Test
  void itExplainsAKnownSignThroughItsEffect() {
    assertThat(report(crashing(true)).findings())
        .extracting(one -> one.finding().id(), Ranked::explainedBy)
        .containsExactly(
            tuple("pod-quarantined", Optional.empty()),
            tuple("pod-crashing", Optional.of("pod-quarantined")));
  }

  @Test
  void withoutItsFaultTheSignStandsForItself() {
    assertThat(report(crashing(false)).findings())
        .extracting(one -> one.finding().id(), Ranked::explainedBy)
        .containsExactly(tuple("pod-crashing", Optional.empty()));
  }
}
