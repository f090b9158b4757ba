package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.program.Program.Run;

/** Checks without a cluster that the faults can break the SPIRE that {@code .ci/kind} installs. */
class KindIT {
  private static final Path MANIFEST = Path.of("src/test/kind/spire.yaml");
  private static final Pattern DEPLOY = Pattern.compile("^spire-deploy .*", Pattern.MULTILINE);
  private static final Pattern OBJECT =
      Pattern.compile(
          "(daemonset|statefulset|service|serviceaccount|configmap|rolebinding)[/ ](spire-[a-z-]+)");
  private static final Pattern UNBOUND =
      Pattern.compile("delete clusterrolebinding --ignore-not-found (.*)");
  private static final Pattern EDIT =
      Pattern.compile("get configmap (spire-\\w+) -o yaml \\| sed '([^']+)'", Pattern.DOTALL);

  @TempDir private Path directory;

  private static Stream<MatchResult> find(Pattern pattern) {
    return ClusterFault.all().stream()
        .flatMap(fault -> pattern.matcher(fault.inject() + "\n" + fault.afterwards()).results());
  }

  private static String objectName(String kind, String name) {
    return kind.toLowerCase(Locale.ROOT) + "/" + name;
  }

  /** With no kubeconfig, so that no script can change a cluster. */
  private static Run run(String... command) {
    return new Program("script", List.of(command)).start(Map.of("KUBECONFIG", "/dev/null")).end();
  }

  private static List<JsonNode> objects() throws IOException {
    return Manifests.documents(Files.readString(MANIFEST));
  }

  private static Set<String> objectNames() throws IOException {
    return objects().stream()
        .map(o -> objectName(o.path("kind").asText(), o.at("/metadata/name").asText()))
        .collect(Collectors.toSet());
  }

  @Test
  void hasTheObjectsThatFaultsChange() throws IOException {
    List<String> changed = find(OBJECT).map(m -> objectName(m.group(1), m.group(2))).toList();
    assertThat(changed).hasSizeGreaterThan(20);
    assertThat(objectNames()).containsAll(changed);
  }

  /** One of each list; a repair creates the others. */
  @Test
  void hasTheBindingsThatFaultsDelete() throws IOException {
    Set<String> names = objectNames();
    assertThat(find(UNBOUND).map(m -> m.group(1)))
        .isNotEmpty()
        .allMatch(
            bindings ->
                Stream.of(bindings.split(" ", -1))
                    .anyMatch(one -> names.contains(objectName("clusterrolebinding", one))));
  }

  static List<List<String>> edits() {
    return find(EDIT).map(m -> List.of(m.group(1), m.group(2))).distinct().toList();
  }

  /** In the text as {@code kubectl get -o yaml} indents it. */
  @ParameterizedTest
  @MethodSource("edits")
  void isChangedByEachEdit(List<String> edit) throws IOException {
    JsonNode map =
        objects().stream()
            .filter(o -> o.path("kind").asText().equals("ConfigMap"))
            .filter(o -> o.at("/metadata/name").asText().equals(edit.getFirst()))
            .reduce((_, last) -> last)
            .orElseThrow();
    String text = map.path("data").iterator().next().asText().indent(4);
    Path file = Files.writeString(directory.resolve("map.yaml"), text);
    Run sed = run("sed", edit.getLast(), file.toString());
    assertThat(sed.code()).as("%s", sed).isZero();
    assertThat(sed.out()).isNotEqualTo(text);
  }

  @Test
  void leavesOutWhatItsSpireDeployRefuses() throws IOException {
    String refused =
        ClusterFault.all().stream()
            .filter(fault -> DEPLOY.matcher(fault.inject()).results().anyMatch(KindIT::isRefused))
            .map(ClusterFault::name)
            .collect(Collectors.joining(";"));
    assertThat(refused).isNotEmpty();
    assertThat(Files.readString(Path.of(".ci/kind"))).contains("\nleft_out=\"" + refused + "\"\n");
  }

  private static boolean isRefused(MatchResult command) {
    Run run = run("sh", "-c", "exec src/test/kind/" + command.group());
    return run.code() == 2 && run.err().matches("spire-deploy: .* is not offered with kind, .*\n");
  }

  @Test
  void isWhatBashReads() {
    Run parsed = run("bash", "-n", ".ci/kind");
    assertThat(parsed.code()).as("%s", parsed).isZero();
  }
}
