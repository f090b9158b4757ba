package org.spiredoctor.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.Layouts;
import org.spiredoctor.diagnosis.Link;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.diagnosis.Scene;
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
}
