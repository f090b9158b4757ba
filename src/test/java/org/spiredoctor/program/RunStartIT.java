package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.RealCluster.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spiredoctor.program.Program.Run;
import org.spiredoctor.program.Program.Started;

/** {@code run} where the tests cannot start, or need more than is there. */
@RealClusterTest(value = "run in a real cluster, where tests cannot start", binary = true)
class RunStartIT extends RunTestSupport {
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
}
