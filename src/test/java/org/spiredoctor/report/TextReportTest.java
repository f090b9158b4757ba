package org.spiredoctor.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Layouts;
import org.spiredoctor.diagnosis.Link;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.kube.Kind;

/** What people see, letter by letter. */
class TextReportTest {
  private static final Style PLAIN = new Style(false, true, 80);

  @Test
  void aProblem() {
    Scene scene = Scene.status(Code.PERMISSION_DENIED, "no identity issued");
    assertThat(TextReport.render(scene.report(), PLAIN))
        .isEqualTo(
            """
              ✓ address  unix:///spire-socket/api.sock (SPIFFE_ENDPOINT_SOCKET)
              ✓ socket   srwxrwxrwx 0:0 /spire-socket/api.sock
              ✓ agent    answered in 5 ms
              ✗ identity PermissionDenied: no identity issued

            ✗ identity-not-issued  Pod apps/web-0
                The agent has no entry for this process, so it issues no identity.
                seen   agent: PermissionDenied: no identity issued
                seen   this process: k8s:ns:apps
                seen   this process: unix:uid:65532
                do     Compare the pod's labels and service account with the selectors of
                       the entry:
                       kubectl get pod -n apps web-0 \\
                         -o custom-columns=NS:.metadata.namespace,POD:.metadata.name,SA:.spec.serviceAccountName,NODE:.spec.nodeName,LABELS:.metadata.labels
                do     Make an entry whose selectors all hold for this process, and whose
                       parent is the agent of this node or a node alias that the agent
                       matches: an entry under a parent that no agent has is never served.
                do     If the entry was made in the last seconds, wait: the agent asks the
                       server every 5 s.
                more   spire-doctor explain identity-not-issued

            ✗ 1 error (38 rules, 0.0 s)
            """
                .indent(0)
                .replace("38 rules", Rules.all().size() + " rules"));
  }

  @Test
  void aConsequenceIsFoldedUnderItsCause() {
    Scene scene = Scene.served().expectingDomain("other.test").expecting("spiffe://other.test/web");
    assertThat(TextReport.renderFindings(scene.report(), PLAIN).lines())
        .contains(
            "✗ trust-domain-mismatch  Pod apps/web-0",
            "    hence  identity-unexpected: This process is served another identity than")
        .filteredOn(line -> line.startsWith("✗"))
        .hasSize(1);
  }

  @Test
  void healthIsSaidOutLoud() {
    assertThat(TextReport.render(Scene.served().report(), PLAIN))
        .endsWith("\n✓ No problems found (" + Rules.all().size() + " rules, 0.0 s)\n");
  }

  @Test
  void whatCouldNotBeToldIsSaidToo() {
    assertThat(TextReport.render(Scene.pod().report(), PLAIN))
        .contains("? workload-api-failed\n    Could not be told; missing: an answer")
        .contains("? Not everything could be told, 1 unknown");
  }

  /** A pod that was made just now is no fault, and not yet healthy. */
  @Test
  void whatNoRuleExplainsIsSaidToo() {
    Report report =
        new Report(
            Report.Verdict.UNKNOWN,
            List.of(new Link("pods", Link.State.BROKEN, "0 of 3 run")),
            List.of(),
            List.of(),
            Scene.served().report().checked());
    assertThat(TextReport.render(report, PLAIN))
        .contains("✗ pods", "? No rule explains what is marked ✗");
  }

  @Test
  void coloursAndAsciiAreChosenByTheStyle() {
    String coloured = TextReport.render(Scene.served().report(), new Style(true, true, 80));
    assertThat(coloured).contains("\u001b[32m✓");
    String ascii = TextReport.render(Scene.served().report(), new Style(false, false, 80));
    assertThat(ascii).contains("+ No problems found").doesNotContain("✓");
  }

  @Test
  void untrustedTextIsMadeHarmless() {
    assertThat(Untrusted.clean("a\u001b[2Jb\tc\r\nd\u202ee\u0000")).isEqualTo("a?[2Jb c  d?e?");
    assertThat(Untrusted.clean("ü€😀")).isEqualTo("ü€😀");
    assertThat(Untrusted.clean("x".repeat(5000))).hasSize(501).endsWith("…");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kubectl get pods -n apps",
        "kubectl exec -n spire-system spire-server-0 -c spire-server -- /opt/spire/bin/spire-server"
            + " entry create -spiffeID spiffe://example.org/web -parentID spiffe://example.org/a"
            + " -selector k8s:ns:apps -selector 'k8s:pod-label:a b:it'\\''s -x \"y\"'",
        "kubectl get configmap -o jsonpath='{.a}' | sed 's/a -b | c && d/\\1e -f/' | kubectl create"
            + " configmap x --from-file=a=/dev/stdin --dry-run=client -o yaml | kubectl apply -f -"
            + " && kubectl rollout restart daemonset/spire-agent",
        "echo \"a -b \\\" -c\" -d e\\ -f -g"
      })
  void aLongCommandIsTheSameOverSeveralLines(String command) {
    for (int width = 10; width < 100; width++) {
      List<String> lines = WrappedCommand.of(command, width);
      assertThat(lines.subList(0, lines.size() - 1)).allMatch(line -> line.endsWith(" \\"));
      assertThat(
              lines.stream()
                  .map(line -> line.replaceFirst(" \\\\$", "").replaceFirst("^  ", ""))
                  .collect(Collectors.joining(" ")))
          .isEqualTo(command);
      // No line ends within quotes, which would keep the backslash.
      assertThat(lines).allMatch(TextReportTest::closesItsQuotes);
    }
    assertThat(WrappedCommand.of(command, 1000)).containsExactly(command);
  }

  private static boolean closesItsQuotes(String line) {
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && quote != '\'') {
        i++;
      } else if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      }
    }
    return quote == 0;
  }

  @Test
  void whatWasLookedAtIsNamedWhereItMatters() {
    String seen =
        ClusterEvidenceText.render(
            Layouts.chart()
                .controllerManager("className: spire\nentryIDPrefix: demo\n")
                .object(
                    Kind.CLUSTER_SPIFFE_ID,
                    "{metadata: {name: web}, spec: {className: spire}, status: {stats:"
                        + " {podsSelected: 1}}}")
                .evidence(),
            PLAIN);
    assertThat(seen)
        .contains("config map spire-agent, key agent.conf")
        .contains("on the node /run/spire/agent-sockets/spire-agent.sock")
        .contains("container spire-controller-manager: acts on className spire, ")
        .contains(
            "csi.spiffe.io in namespace spire-system hands out /run/spire/agent-sockets, 1 pod")
        .contains("web (spire), selects 1 pod");
  }

  @Test
  void whatManyChecksLackIsSaidOnce() {
    Report report =
        new Report(
            Report.Verdict.UNKNOWN,
            List.of(),
            List.of(),
            Stream.of("a", "b", "c", "d", "e")
                .map(id -> new Report.Undetermined(id, "a SPIRE server"))
                .toList(),
            Scene.served().report().checked());
    assertThat(TextReport.render(report, PLAIN))
        .contains("? 5 checks\n    Could not be told; missing: a SPIRE server\n")
        .contains("hence  a, b, c and 2 more");
  }

  @Test
  void ofManyThingsThatACheckLacksSomeAreSaid() {
    Report report =
        new Report(
            Report.Verdict.UNKNOWN,
            List.of(),
            List.of(),
            IntStream.range(0, 100)
                .mapToObj(i -> new Report.Undetermined("observation-failed", "log " + i))
                .toList(),
            Scene.served().report().checked());
    assertThat(TextReport.render(report, PLAIN))
        .containsOnlyOnce("? observation-failed")
        .contains("missing: log 0\n", "missing: log 2\n", "… and 97 more (-o json shows all)")
        .doesNotContain("log 3\n")
        .contains("100 unknown");
  }

  /** A finding about many pods with so many lines, and one consequence. */
  private static List<Report.Ranked> cause(int number, Finding.Severity severity, int lines) {
    Finding.Quote quote = new Finding.Quote("pod", "said");
    Finding finding =
        new Finding(
            "pod-not-started",
            severity,
            new Subject("Deployment", Optional.of("apps"), "web" + number),
            "It does not start",
            Finding.Confidence.CERTAIN,
            Collections.nCopies(lines - 5, quote),
            List.of(),
            Scope.CLUSTER,
            List.of(),
            Optional.empty());
    return List.of(
        new Report.Ranked(finding, Optional.empty(), List.of()),
        new Report.Ranked(finding, Optional.of(finding.id()), List.of()));
  }

  private static List<String> lines(Stream<List<Report.Ranked>> causes) {
    List<Report.Ranked> findings = causes.flatMap(List::stream).toList();
    Report report =
        new Report(
            Report.Verdict.PROBLEMS,
            List.of(),
            findings,
            List.of(),
            Scene.served().report().checked());
    return TextReport.render(report, PLAIN).lines().toList();
  }

  @Test
  void manyFaultsAreToldInShort() {
    List<String> lines =
        lines(
            IntStream.range(0, 100)
                .mapToObj(
                    i -> cause(i, i < 20 ? Finding.Severity.ERROR : Finding.Severity.WARNING, 40)));
    assertThat(lines).hasSizeLessThan(300).allMatch(line -> line.length() <= 80);
    assertThat(lines).filteredOn(line -> line.startsWith("    more ")).hasSize(5);
    assertThat(lines).filteredOn(line -> line.startsWith("    hence ")).hasSize(5);
    assertThat(lines)
        .containsSubsequence(
            "✗ pod-not-started  Deployment apps/web4",
            "In short (-o json has all of each, and what follows from it):",
            "✗ pod-not-started  Deployment apps/web5",
            "✗ pod-not-started  Deployment apps/web19",
            "! pod-not-started  Deployment apps/web20",
            "! pod-not-started  Deployment apps/web24",
            "… and 75 more: 75 warnings")
        .last()
        .asString()
        .contains("20 errors, 80 warnings");
  }

  /** However long it is, the first is told, and a handful is as it is. */
  @Test
  void aHandfulIsToldInFull() {
    assertThat(lines(Stream.of(cause(0, Finding.Severity.ERROR, 400))))
        .hasSizeGreaterThan(400)
        .noneMatch(line -> line.startsWith("In short"));
    assertThat(lines(IntStream.range(0, 5).mapToObj(i -> cause(i, Finding.Severity.ERROR, 30))))
        .filteredOn(line -> line.startsWith("    more "))
        .hasSize(5);
  }

  /** Cut at the end of the line, and with no half of a character there. */
  @Test
  void aLineInShortIsOneLine() {
    List<String> lines =
        lines(Stream.of(cause(0, Finding.Severity.ERROR, 400), named("😀".repeat(100))));
    assertThat(lines)
        .filteredOn(line -> line.startsWith("✗ pod"))
        .last()
        .asString()
        .endsWith("😀…");
  }

  private static List<Report.Ranked> named(String name) {
    Finding one = cause(1, Finding.Severity.ERROR, 10).getFirst().finding();
    Finding named =
        new Finding(
            one.id(),
            one.severity(),
            new Subject("Pod", Optional.empty(), name),
            one.summary(),
            one.confidence(),
            one.evidence(),
            one.remedies(),
            one.scope(),
            one.managed(),
            one.reason());
    return List.of(new Report.Ranked(named, Optional.empty(), List.of()));
  }

  @Test
  void ofManyChecksThatCouldNotTellSomeAreNamed() {
    Report report =
        new Report(
            Report.Verdict.UNKNOWN,
            List.of(),
            List.of(),
            IntStream.range(0, 100)
                .mapToObj(i -> new Report.Undetermined("rule-" + i, "permission " + i))
                .toList(),
            Scene.served().report().checked());
    assertThat(TextReport.render(report, PLAIN))
        .contains("? rule-0\n", "? rule-70\n", " more checks (-o json shows all)\n")
        .doesNotContain("permission 90\n")
        .hasLineCount(253);
  }

  /** One check may lack several things. */
  @Test
  void aCheckThatIsNotNamedIsCountedOnce() {
    List<Report.Undetermined> unknown = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      unknown.add(new Report.Undetermined("rule-" + i, "permission " + i));
    }
    for (int i = 0; i < 3; i++) {
      unknown.add(new Report.Undetermined("rule-0", "both " + i));
      unknown.add(new Report.Undetermined("rule-1", "both " + i));
    }
    Report report =
        new Report(
            Report.Verdict.UNKNOWN,
            List.of(),
            List.of(),
            unknown,
            Scene.served().report().checked());
    String text = TextReport.render(report, PLAIN);
    long named = text.lines().filter(line -> line.startsWith("? rule-")).count();
    assertThat(text).contains("? " + (100 - named) + " more checks (-o json shows all)\n");
  }
}
