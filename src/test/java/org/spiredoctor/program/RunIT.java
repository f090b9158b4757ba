package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.RealCluster.cluster;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.program.Program.Run;
import org.spiredoctor.program.Program.Started;

/** {@code run} in a real cluster, with the image that the native build made. */
@RealClusterTest(value = "run in a real cluster", binary = true)
class RunIT {
  private static final Program PROGRAM = Program.nativeBinary();
  private static final String POD = "spire-integration-test-ci";

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    cluster().makeWhole();
  }

  @AfterEach
  void nothingIsLeft() {
    cluster()
        .sh(
            """
            kubectl -n spire-system delete pod -l app.kubernetes.io/managed-by=spire-doctor --now --wait
            kubectl -n apps delete pod,resourcequota,role,rolebinding --all --now --wait
            kubectl apply -f deploy/rbac.yaml >/dev/null
            kubectl label namespace apps pod-security.kubernetes.io/enforce- >/dev/null
            """);
  }

  private static Started begin(Map<String, String> more, List<String> words) {
    Map<String, String> environment = new HashMap<>(cluster().environment());
    environment.put("SPIRE_DOCTOR_IMAGE", cluster().loadImage());
    environment.putAll(more);
    List<String> all = new ArrayList<>(List.of("run"));
    if (RealCluster.csi()) {
      all.addAll(List.of("--volume", "csi"));
    }
    all.addAll(words);
    return PROGRAM.start(environment, all.toArray(String[]::new));
  }

  private static Run run(String... words) {
    return begin(Map.of(), List.of(words)).end();
  }

  /** What needs no identity. */
  private static List<String> plainly(String... words) {
    List<String> all = new ArrayList<>(List.of("--no-register", "--no-check"));
    all.addAll(List.of(words));
    return all;
  }

  private static Run runPlainly(String... words) {
    return begin(Map.of(), plainly(words)).end();
  }

  private static String svidTest() {
    return cluster().directory().resolve("tools/svid-test").toString();
  }

  /** A static program that can be told what to do. */
  private static String busybox() {
    return cluster().sh("command -v busybox-static || command -v busybox").strip();
  }

  /** The same, and long on its way; busybox goes by the name that it is called by. */
  private Path large() throws IOException {
    Path large = Files.createDirectory(directory.resolve("large")).resolve("busybox");
    Files.copy(Path.of(busybox()), large);
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(200L * 1024 * 1024);
    }
    return large;
  }

  private static boolean podIsThere(String namespace, String name) {
    String seen =
        cluster()
            .sh(
                "kubectl -n %s get pod %s --ignore-not-found -o jsonpath='{.metadata.name}{.metadata.deletionTimestamp}'"
                    .formatted(namespace, name));
    return seen.equals(name);
  }

  private static void isEnvironment(Run run, String... said) {
    assertThat(run.code()).as("%s", run).isEqualTo(125);
    assertThat(run.err()).contains(said);
    nothingIsThere();
  }

  private static void nothingIsThere() {
    assertThat(podIsThere("spire-system", POD)).isFalse();
    assertThat(podIsThere("apps", POD)).isFalse();
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
  void aRestrictedNamespaceTakesThePodWithTheCsiVolumeOnly() {
    cluster().sh("kubectl label namespace apps pod-security.kubernetes.io/enforce=restricted");
    Run run = run("-n", "apps", svidTest());
    if (RealCluster.csi()) {
      assertThat(run.code()).as("%s", run).isZero();
    } else {
      isEnvironment(run, "violates PodSecurity", "--volume csi");
    }
  }

  /** Whoever creates the namespace later would have the identities. */
  @Test
  void forANamespaceThatIsNotThereNothingIsRegistered() {
    cluster().makeWhole();
    String entries = "entry_ids | sort";
    String before = cluster().sh(entries);
    Run run = run("-n", "no-such-namespace", svidTest());
    isEnvironment(run, "There is no namespace no-such-namespace, so nothing was registered");
    assertThat(cluster().sh(entries)).isEqualTo(before);
  }

  @Test
  void withoutAnEntryItEndsWithTheDiagnosis() {
    cluster().makeWhole();
    cluster()
        .sh("for id in $(entry_ids); do server entry delete -entryID \"$id\" >/dev/null; done");
    Path bundle = directory.resolve("evidence.json.gz");
    Run run = run("--no-register", "--collect-on-failure", bundle.toString(), svidTest());
    isEnvironment(
        run,
        "the pod will get no identity: entry-missing",
        "✗ entry-missing  Pod spire-system/" + POD,
        "spiffe://example.org/integration-test",
        "Evidence saved to");
    assertThat(run.out()).isEmpty();
    Run replayed = PROGRAM.run("check", "--from", bundle.toString(), "spire-system/" + POD);
    assertThat(replayed.out()).contains("entry-missing");
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
  void anAgentThatStoppedIsTheReasonOfWaitForSocket() {
    Assume.that(
        cluster().run("command -v node-exec", Duration.ofSeconds(5)).code() == 0,
        "run beside an agent that is stopped",
        "node-exec on the PATH");
    String node = cluster().sh("kubectl get nodes -o jsonpath='{.items[0].metadata.name}'");
    cluster().sh("node-exec pkill -STOP -x spire-agent");
    try {
      Run run =
          run("--node", node, "--no-register", "--no-check", "--socket-timeout", "5s", svidTest());
      isEnvironment(
          run,
          "❌ Stage wait-for-socket: init container wait-for-socket failed (exit code: 1)",
          "Workload API not ready after 5s",
          "workload-api-unresponsive",
          "✗ agent-not-ready");
    } finally {
      cluster().sh("node-exec pkill -CONT -x spire-agent");
    }
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

  @Test
  void noLineIsLostOrDoubledOverConnectionsThatBreak() throws IOException {
    String script =
        "i=0; while [ $i -lt 600 ]; do i=$((i+1)); echo line $i; [ $((i%4)) != 0 ] || usleep 30000; done; echo -n end";
    try (ApiProxy proxy = ApiProxy.start(cluster().environment(), "34");
        Started started =
            begin(
                Map.of("KUBECONFIG", proxy.kubeconfig(directory)),
                plainly(busybox(), "--", "sh", "-c", script))) {
      for (int at = 50; at < 600; at += 100) {
        started.printed("line " + at + "\n");
        proxy.cut();
      }
      Run run = started.end();
      assertThat(run.code()).as("%s", run).isZero();
      assertThat(run.out().lines())
          .containsExactlyElementsOf(
              Stream.concat(
                      IntStream.rangeClosed(1, 600).mapToObj(i -> "line " + i), Stream.of("end"))
                  .toList());
      assertThat(proxy.cuts()).isGreaterThanOrEqualTo(6);
    }
  }

  @Test
  void aLargeBinaryArrivesThoughTheFirstTransferBreaks() throws IOException {
    Path large = large();
    try (ApiProxy proxy = ApiProxy.start(cluster().environment(), "29")) {
      proxy.cutAfter(50L * 1024 * 1024);
      Run run =
          begin(
                  Map.of("KUBECONFIG", proxy.kubeconfig(directory)),
                  plainly(large.toString(), "--", "sha256sum", "/tests/busybox"))
              .end();
      assertThat(run.code()).as("%s", run).isZero();
      // Where the container was not reported yet, it is not even told.
      assertThat(proxy.cuts()).isOne();
      String sum = cluster().sh("sha256sum < '%s'".formatted(large)).split(" ", 2)[0];
      assertThat(run.out()).startsWith(sum);
    }
  }

  /** The container ends when the file is in its place, and takes along who brings it. */
  @Test
  void aTransferThatEndsWithItsContainerIsNoFailure() throws IOException {
    Path large = large();
    try (Started started =
        begin(Map.of(), plainly(large.toString(), "--", "echo", "it is there"))
            .said("Setup init container is running")) {
      cluster()
          .sh(
              """
              kubectl -n spire-system exec -i %s -c setup -- /spire-doctor receive /tests/busybox \
                --length "$(stat -Lc %%s '%s')" --sha256 "$(sha256sum < '%s' | cut -d' ' -f1)" \
                < '%s' || true
              """
                  .formatted(POD, busybox(), busybox(), busybox()));
      Run run = started.end();
      assertThat(run.code()).as("%s", run).isZero();
      assertThat(run.out()).isEqualTo("it is there\n");
    }
  }

  @Test
  void whatCannotStartIsToldAtOnce() throws IOException {
    Path nowhere =
        Files.writeString(directory.resolve("nowhere.yaml"), "spec: {nodeSelector: {disk: none}}");
    isEnvironment(
        run("--overrides", nowhere.toString(), svidTest()),
        "No node takes pod",
        "✗ pod-not-scheduled");
    Path never =
        Files.writeString(
            directory.resolve("never.yaml"),
            "spec: {containers: [{name: test, imagePullPolicy: Never, image: 'nowhere:1'}]}");
    isEnvironment(run("--overrides", never.toString(), svidTest()), "ErrImageNeverPull", "--image");
    cluster().sh("kubectl -n apps create quota none --hard=pods=0");
    Run refused = run("-n", "apps", svidTest());
    assertThat(refused.code()).as("%s", refused).isEqualTo(125);
    assertThat(refused.err()).contains("exceeded quota: none", "kubectl describe quota");
    nothingIsThere();
    Run account = run("--service-account", "nobody", svidTest());
    isEnvironment(account, "serviceaccount \"nobody\" not found", "kubectl create serviceaccount");
  }

  /** In a namespace of its own, where nothing may be run in the server's pod. */
  @Test
  void theRolesSufficeAndWhereItMayNotRegisterItGoesOn() throws IOException {
    cluster().makeWhole();
    String roles = Files.readString(Path.of("deploy/rbac-run.yaml"));
    String subject = "name: spire-doctor\n    namespace: spire-system";
    cluster().apply(Files.readString(Path.of("deploy/rbac.yaml")));
    cluster()
        .apply(
            roles
                .replace(subject, "SUBJECT")
                .replace("namespace: spire-system", "namespace: apps")
                .replace("SUBJECT", subject));
    cluster().sh("kubectl -n spire-system delete rolebinding spire-doctor-exec");
    Map<String, String> account =
        Map.of("KUBECONFIG", cluster().ofTheAccount(directory).toString());
    Run without =
        begin(account, List.of("-n", "apps", "--env", "SVIDTEST_TIMEOUT=2s", svidTest())).end();
    assertThat(without.err())
        .contains("Registration setup encountered issues - tests may fail")
        .contains("Run manually if needed: spire-doctor register -n apps")
        .contains("Running integration tests in distroless container...");
    assertThat(without.code()).as("%s", without).isEqualTo(1);
    Run registered =
        PROGRAM.start(cluster().environment(), "register", "-n", "apps", "--wait", "30s").end();
    assertThat(registered.code()).as("%s", registered).isZero();
    Run with = begin(account, List.of("-n", "apps", svidTest())).end();
    assertThat(with.code()).as("%s", with).isZero();
    nothingIsThere();
  }

  @Test
  void aSignalBeforeTheTestsRemovesThePodToo() {
    for (String signal : List.of("INT", "TERM")) {
      // It would be waited for the identity of an entry that is not there.
      List<String> waiting =
          List.of(
              "--no-register",
              "--no-check",
              "--wait-for",
              "identity=spiffe://example.org/nobody",
              svidTest());
      try (Started started = begin(Map.of(), waiting)) {
        Until.holds(() -> podIsThere("spire-system", POD), Duration.ofSeconds(30));
        cluster().sh("kill -%s %d".formatted(signal, started.pid()));
        Run run = started.end();
        assertThat(run.code()).as("%s", run).isEqualTo(signal.equals("INT") ? 130 : 143);
        assertThat(run.err()).contains("Interrupted.").doesNotContain("❌");
        nothingIsThere();
      }
    }
  }

  @Test
  void aPackageIsBuiltAndRun() throws IOException {
    Assume.that(
        cluster().run("command -v go", Duration.ofSeconds(5)).code() == 0,
        "run --package",
        "go on the PATH");
    Files.writeString(directory.resolve("go.mod"), "module example.org/sample\n\ngo 1.22\n");
    Path source = directory.resolve("sample_test.go");
    Files.writeString(
        source,
        """
        package sample

        import ("os"; "strings"; "testing")

        func TestEnvironment(t *testing.T) {
        	if !strings.HasPrefix(os.Getenv("SPIFFE_ENDPOINT_SOCKET"), "unix:///") { t.Fatal("none") }
        	if err := os.WriteFile("/tmp/x", nil, 0o600); err != nil { t.Fatal(err) }
        }
        """);
    Run run = runHere("--package", ".");
    assertThat(run.code()).as("%s", run).isZero();
    assertThat(run.out()).contains("--- PASS: TestEnvironment");
    assertThat(run.err()).contains("Package: .", "1 passed");
    Files.writeString(source, "package sample\n\nnot Go\n");
    Run wrong = runHere("--package", ".");
    assertThat(wrong.code()).as("%s", wrong).isEqualTo(1);
    assertThat(wrong.err())
        .contains("expected declaration, found not", "go test -c . failed (exit code: 1)");
  }

  /** In the directory of the test. */
  private Run runHere(String... words) {
    String exports =
        "export HOME='%s' KUBECONFIG='%s' SPIRE_DOCTOR_IMAGE='%s'\ncd '%s'\n"
            .formatted(
                System.getProperty("user.home"),
                cluster().environment().get("KUBECONFIG"),
                cluster().loadImage(),
                directory);
    return PROGRAM.shell(exports + "exec $0 run " + String.join(" ", words));
  }
}
