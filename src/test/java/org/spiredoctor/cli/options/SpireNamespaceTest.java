package org.spiredoctor.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import picocli.CommandLine;

/** What names SPIRE's namespace, and what only hints at it. */
class SpireNamespaceTest {
  private static final ClusterQuery.Pods ALL = new ClusterQuery.Pods.WithSocket(Optional.empty());

  private static ClusterQuery query(Map<String, String> environment, String... words) {
    return connection(words).query(environment, ALL, Optional.empty(), Optional.empty(), List.of());
  }

  private static ClusterConnection connection(String... words) {
    return CommandLine.populateCommand(new ClusterConnection(), words);
  }

  @Test
  void theVariableIsAHintAndTheFlagTheUsersWord() {
    assertThat(query(Map.of("NS", "apps")).spireNamespace()).isEmpty();
    assertThat(query(Map.of("NS", "apps")).spireHint()).contains("apps");
    assertThat(query(Map.of("NS", "")).spireHint()).isEmpty();
    assertThat(query(Map.of("NS", "apps"), "--spire-namespace", "spire").spireNamespace())
        .contains("spire");
  }

  /** Who may list the pods of one namespace only finds SPIRE where the scripts did. */
  @Test
  void whereSpireIsExpected() {
    ClusterQuery.Pods apps = new ClusterQuery.Pods.WithSocket(Optional.of("apps"));
    assertThat(query(Map.of()).of(apps).namespaces()).containsExactly("apps", "spire-system");
    assertThat(query(Map.of("NS", "spire")).of(apps).namespaces()).containsExactly("apps", "spire");
    Map<String, String> other = Map.of("NS", "other");
    assertThat(query(other, "--spire-namespace", "spire").of(apps).namespaces())
        .containsExactly("apps", "spire");
    assertThat(connection().wantedOfSpire(other, Optional.empty()).pods().namespace())
        .contains("other");
    assertThat(connection().wantedOfSpire(Map.of(), Optional.empty()).pods().namespace())
        .contains("spire-system");
  }
}
