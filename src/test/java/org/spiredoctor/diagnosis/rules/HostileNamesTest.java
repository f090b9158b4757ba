package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Report.Undetermined;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.evidence.cluster.EntryFlags;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;

/** Names of objects come from whoever can make them. */
class HostileNamesTest {
  private static void rename(ObjectNode object, String name) {
    ((ObjectNode) object.path("metadata")).put("name", name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--all", "-A", "--kubeconfig=/x", "a b", "a;b", "", "a\nb", ".."})
  void noNameOfAnAgentThatFailsGetsIntoACommand(String name) {
    ClusterScene scene =
        ClusterScene.healthy()
            .agentCrashes("level=error msg=\"Agent crashed\" error=\"boom\"")
            .edit(Kind.POD, "spire-agent-x1y2z", pod -> rename(pod, name));
    assertThat(commands(scene.report())).allSatisfy(c -> assertThat(words(c)).doesNotContain(name));
  }

  @ParameterizedTest
  @CsvSource({
    "/spec/nodeName, --all",
    "/spec/serviceAccountName, --all",
    "/spec/containers/0/name, --all",
    "/spec/volumes/0/name, --all",
    "/metadata/namespace, --all-namespaces",
    "/metadata/labels, '{--all: x}'",
    "/spec/nodeSelector, '{--all: x}'",
    "/spec/containers, '[]'",
    "/spec/containers, null",
    "/metadata, '[]'"
  })
  void whatKubernetesCannotHoldIsUnknown(String pointer, String value) {
    Report report = ClusterScene.healthy().set(Kind.POD, "web", pointer, value).report();
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown()).extracting(Undetermined::id).contains("object-unreadable");
  }

  @Test
  void theNamespaceOfAnEventIsNoOption() {
    Report report =
        ClusterScene.healthy()
            .object(
                Kind.EVENT,
                """
                {metadata: {creationTimestamp: "2026-01-02T03:04:00Z"},
                 involvedObject: {kind: ReplicaSet, namespace: --all, name: web-1, uid: u},
                 type: Warning, reason: FailedCreate, lastTimestamp: "2026-01-02T03:04:00Z",
                 message: "violates PodSecurity restricted: hostPath volumes are not allowed"}
                """)
            .report();
    assertThat(commands(report)).noneMatch(c -> words(c).contains("--all"));
    assertThat(report.unknown()).extracting(Undetermined::id).contains("object-unreadable");
  }

  /** Go's flag package takes the next word as a flag's value, whatever it is. */
  @Test
  void whatAnEntryHoldsIsAlwaysTheValueOfAFlag() {
    Entry hostile = ClusterScene.entry("-admin", "-downstream", "-node", "-admin:x", "k8s:ns:apps");
    List<String> words = EntryFlags.update(hostile.federatingWith(List.of("-admin")));
    for (int i = 2; i < words.size(); i += 2) {
      assertThat(words.get(i))
          .isIn("-entryID", "-spiffeID", "-parentID", "-selector", "-federatesWith");
    }
    assertThat(words.size() % 2).isZero();
  }

  private static List<String> commands(Report report) {
    return report.findings().stream()
        .flatMap(ranked -> ranked.finding().remedies().stream())
        .flatMap(
            remedy ->
                switch (remedy) {
                  case Remedy.Command command -> Stream.of(command.command());
                  case Remedy.EntryChange change -> Stream.of(change.command());
                  case Remedy.Declaration declaration -> Stream.of(declaration.command());
                  case Remedy.Patch _, Remedy.Advice _ -> Stream.<String>empty();
                })
        .toList();
  }

  /** As a POSIX shell would take a command apart, but for its operators. */
  private static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    Optional<Character> quote = Optional.empty();
    for (int i = 0; i < command.length(); i++) {
      char c = command.charAt(i);
      if (quote.filter(q -> q == c).isPresent()) {
        quote = Optional.empty();
      } else if (quote.isEmpty() && (c == '\'' || c == '"')) {
        quote = Optional.of(c);
      } else if (quote.isEmpty() && c == ' ') {
        words.add(word.toString());
        word.setLength(0);
      } else {
        word.append(c);
      }
    }
    words.add(word.toString());
    return words;
  }
}
