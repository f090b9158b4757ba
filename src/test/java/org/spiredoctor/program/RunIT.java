package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.RealCluster.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spiredoctor.program.Program.Run;
import org.spiredoctor.program.Program.Started;

/** {@code run} in a real cluster, with the image that the native build made. */
@RealClusterTest(value = "run in a real cluster", binary = true)
class RunIT extends RunTestSupport {
  private static Run runPlainly(String... words) {
    return begin(Map.of(), plainly(words)).end();
  }

  @Test
  void testsPassInTheOrderAndTheWordsOfTheScript() throws IOException {
    Path junit = directory.resolve("report.xml");
    Run run = run("--junit", junit.toString(), svidTest());
    assertThat(run.code()).as("%s", run).isZero();
    assertThat(run.err())
        .containsSubsequence(
            "SPIRE Integration Tests (CI/Distroless)",
            "Configuration:",
            "Namespace: spire-system",
            "Keep pod: false",
            "✅ Found SPIRE Agent: spire-agent-",
            "Setting up SPIRE workload registration entries...",
            "✅ Registration entries verified/created",
            "✅ Socket is available and ready",
            "✅ Setup init container is running",
            "✅ Binary copied",
            "Running integration tests in distroless container...",
            "3 passed",
            "✅ Integration tests passed!");
    // Nothing but the tests' own words.
    assertThat(run.out())
        .startsWith("=== RUN   TestFetchX509SVID")
        .containsSubsequence(
            "SPIFFE ID spiffe://example.org/integration-test",
            "--- PASS: TestFetchX509SVID",
            "--- PASS: TestFetchX509Bundle",
            "--- PASS: TestMTLS",
            "PASS");
    assertThat(Files.readString(junit)).contains("tests=\"3\"", "name=\"TestMTLS\"");
    assertThat(podIsThere("spire-system", POD)).isFalse();
  }

  /** Programs that do not choose take the first, and agents sort by the ids of entries. */
  @Test
  void anIdentityThatOthersGiveToThePodTooComesAfterTheRegisteredOne() {
    cluster().makeWhole();
    cluster()
        .sh("for id in $(entry_ids); do server entry delete -entryID \"$id\" >/dev/null; done");
    // The older one, so that the agent has both as soon as it has the registered one.
    cluster().sh(another("00000000-0000-4000-8000-000000000000", "later"));
    Run first = run(svidTest());
    assertThat(first.code()).as("%s", first).isZero();
    assertThat(first.out()).contains("SPIFFE ID spiffe://example.org/integration-test");
    assertThat(first.err()).doesNotContain("identity-ambiguous");
    // An id that was chosen to come before all. The registered one stays as it is.
    cluster().sh(another("--first", "first"));
    cluster()
        .sh(
            """
            agent=$(kubectl -n spire-system get pods -l app=spire-agent -o name)
            until kubectl -n spire-system logs "$agent" | grep -q 'entry=--first'; do sleep 0.5; done
            """);
    Run second = run(svidTest());
    cluster().sh("server entry delete -entryID --first");
    assertThat(second.err())
        .containsSubsequence(
            "Socket is available and ready",
            "! identity-ambiguous: 3 identities fit this process; a client that does not choose"
                + " takes the first, spiffe://example.org/first",
            "Running integration tests");
  }

  private static String another(String id, String name) {
    return ("server entry create -entryID %s -spiffeID spiffe://example.org/%s"
            + " -parentID spiffe://example.org/spire-agent -selector k8s:ns:spire-system")
        .formatted(id, name);
  }

  @Test
  void aFailingTestKeepsItsOwnCode() throws IOException {
    Path junit = directory.resolve("report.xml");
    Run failed =
        run(
            "--env",
            "SVIDTEST_WANT_ID=spiffe://example.org/other",
            "--junit",
            junit.toString(),
            svidTest());
    assertThat(failed.code()).as("%s", failed).isEqualTo(1);
    assertThat(failed.err())
        .contains("2 passed, 1 failed", "❌ Integration tests failed (exit code: 1)")
        .contains("   TestFetchX509SVID");
    assertThat(Files.readString(junit)).contains("<failure", "want spiffe://example.org/other");
    Run other = runPlainly(busybox(), "--", "sh", "-c", "echo 'a \033[31mred\033[0m word'; exit 7");
    assertThat(other.code()).as("%s", other).isEqualTo(7);
    assertThat(other.out()).isEqualTo("a red word\n");
  }

  @Test
  void whatIsLiveStaysAndWhatIsLeftGoes() {
    List<String> sleeping = plainly(busybox(), "--", "sh", "-c", "echo asleep; sleep 100");
    try (Started live = begin(Map.of(), sleeping).printed("asleep")) {
      Run second = run(svidTest());
      assertThat(second.code()).isEqualTo(125);
      assertThat(second.err())
          .contains("of another run is live, made ", "now in its container test")
          .contains("--pod-name", "--replace");
      assertThat(podIsThere("spire-system", POD)).isTrue();
      // Signals end it, and the pod.
      Run ended = live.terminate().end();
      assertThat(ended.code()).as("%s", ended).isEqualTo(143);
      assertThat(podIsThere("spire-system", POD)).isFalse();
    }
    try (Started live = begin(Map.of(), sleeping).printed("asleep")) {
      Run instead = runPlainly("--replace", busybox(), "--", "true");
      assertThat(instead.code()).as("%s", instead).isZero();
      assertThat(instead.err()).contains("Ending the earlier run, made ");
      Run ended = live.end();
      assertThat(ended.code()).as("%s", ended).isEqualTo(125);
      assertThat(ended.err()).contains("deleted by somebody else");
    }
    Run kept = runPlainly("--keep", busybox(), "--", "true");
    assertThat(kept.code()).as("%s", kept).isZero();
    assertThat(kept.err()).contains("kubectl logs -n spire-system " + POD);
    assertThat(podIsThere("spire-system", POD)).isTrue();
    Run next = runPlainly(busybox(), "--", "true");
    assertThat(next.code()).as("%s", next).isZero();
    assertThat(next.err()).contains("Removing the pod that an earlier run has left...");
  }

  @Test
  void aPodOfSomebodyElseIsNotTouched() {
    // What is kept is only what was made.
    cluster()
        .sh(
            "kubectl -n spire-system run other --image=busybox:lab --image-pull-policy=Never -- sleep 100");
    try {
      Run run = runPlainly("--pod-name", "other", "--replace", "--keep", busybox(), "--", "true");
      assertThat(run.code()).as("%s", run).isEqualTo(125);
      assertThat(run.err())
          .contains("that spire-doctor did not make")
          .doesNotContain("kubectl delete");
      assertThat(podIsThere("spire-system", "other")).isTrue();
    } finally {
      cluster().sh("kubectl -n spire-system delete pod other --now --wait");
    }
  }
}
