package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.RealCluster.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.program.Program.Run;

/** {@code register} at a real server in a real cluster. */
@RealClusterTest("register in a real cluster")
class RegisterIT {
  private static final Program PROGRAM =
      Program.hasNative() ? Program.nativeBinary() : Program.jvm();

  private static final String WEB =
      """
      apiVersion: spiredoctor.org/v1
      kind: Registrations
      entries:
        - spiffeID: spiffe://example.org/web
          selectors: [k8s:ns:apps, k8s:sa:default, k8s:pod-label:app:web]
      """;

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    cluster().makeWhole();
    cluster().apply(ClusterFault.goodPod(cluster()));
    cluster().sh("kubectl -n apps wait --for=condition=Ready pod/web --timeout=60s");
  }

  @BeforeEach
  void empty() {
    cluster()
        .sh(
            """
            ids=$(entry_ids | sed 's/.*/"&"/' | paste -sd, -)
            [ -z "$ids" ] || printf '{"ids":[%s]}' "$ids" | kubectl exec -i -n spire-system \
              spire-server-0 -c spire-server -- /opt/spire/bin/spire-server entry delete -file -
            """);
  }

  private static Run register(String... words) {
    return register(Map.of(), words);
  }

  private static Run register(Map<String, String> more, String... words) {
    Map<String, String> environment = new HashMap<>(cluster().environment());
    environment.putAll(more);
    List<String> all = new ArrayList<>(List.of("register"));
    all.addAll(List.of(words));
    return PROGRAM.start(environment, all.toArray(String[]::new)).end();
  }

  private String file(String text) throws IOException {
    return Files.writeString(directory.resolve("entries.yaml"), text).toString();
  }

  private static void isDone(Run run) {
    assertThat(run.code()).as("%s", run).isZero();
    assertThat(run.out()).contains("✅ Registration entries verified/created");
  }

  /** An entry as its server prints it; each version in columns of its own. */
  private static String shown(String spiffeId) {
    return cluster().sh("server entry show -spiffeID " + spiffeId).replaceAll(" +", " ");
  }

  private static int entries() {
    return cluster().sh("entry_ids").lines().toList().size();
  }

  @Test
  void anEmptyServerIsFilledOnceAndRepaired() throws IOException {
    String file = file(WEB);
    Run planned = register("-f", file, "--dry-run", "--detailed-exitcode");
    assertThat(planned.code()).as("%s", planned).isEqualTo(4);
    assertThat(planned.out()).contains("+ create  spiffe://example.org/spire-agent  (node alias)");
    assertThat(entries()).isZero();

    Run made = register("-f", file, "--wait", "30s");
    isDone(made);
    assertThat(made.err()).contains("The agents have the entries, as their logs tell");
    assertThat(entries()).isEqualTo(2);
    // Agents ask every five seconds.
    Until.holds(() -> cluster().served("apps", "web"), Duration.ofSeconds(15));

    Run again = register("-f", file, "--dry-run", "--detailed-exitcode");
    assertThat(again.code()).as("%s", again).isZero();
    assertThat(again.out()).contains("1 entry is as declared, nothing to change");

    cluster()
        .sh(
            "server entry update -entryID $(entry_ids -spiffeID spiffe://example.org/web)"
                + " -spiffeID spiffe://example.org/web -parentID spiffe://example.org/spire-agent"
                + " -selector k8s:ns:apps -selector k8s:pod-label:app:wbe -hint spire-doctor/web");
    Run repaired = register("-f", file, "--for-pod", "apps/web");
    isDone(repaired);
    assertThat(repaired.out())
        .contains("      - k8s:pod-label:app:wbe", "      + k8s:pod-label:app:web", "✅ updated");
    assertThat(repaired.err())
        .contains("The agents have asked their server meanwhile: 10 s")
        .contains("Pod apps/web is served spiffe://example.org/web");
    assertThat(entries()).isEqualTo(2);
    Until.holds(() -> cluster().served("apps", "web"), Duration.ofSeconds(15));
  }

  @Test
  void withoutAFileItIsTheEntriesOfTheIntegrationTest() {
    isDone(register(Map.of("NS", "spire-system", "WORKLOAD_SA", "test-runner")));
    assertThat(cluster().sh("server entry show"))
        .contains("Found 4 entries")
        .contains("spiffe://example.org/integration-test", "spiffe://example.org/test-client")
        .contains("spiffe://example.org/test-server", "k8s:sa:test-runner", "k8s:ns:spire-system");
    Run other = register(Map.of("TRUST_DOMAIN", "other.org"), "--dry-run");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.out()).contains("the server is of the trust domain example.org");
  }

  @Test
  void everyFieldIsKept() throws IOException {
    String file =
        file(
            """
            apiVersion: spiredoctor.org/v1
            kind: Registrations
            entries:
              - spiffeID: spiffe://example.org/all
                parentID: spiffe://example.org/spire-agent
                selectors: [k8s:ns:apps, k8s:sa:all]
                x509SVIDTTL: 20m
                jwtSVIDTTL: 90s
                dnsNames: [b.apps.svc, a.apps.svc]
                admin: true
                downstream: true
                hint: internal
                expiresAt: 2033-01-01T00:00:00Z
            """);
    isDone(register("-f", file));
    assertThat(shown("spiffe://example.org/all"))
        .contains("X509-SVID TTL : 1200", "JWT-SVID TTL : 90")
        .contains("2033-01-01", "Admin : true", "internal")
        .contains("b.apps.svc", "a.apps.svc");
    Run again = register("-f", file, "--dry-run", "--detailed-exitcode");
    assertThat(again.code()).as("%s", again).isZero();
  }

  private static final String NONE =
      "{apiVersion: spiredoctor.org/v1, kind: Registrations, entries: []}";

  @Test
  void onlyOursThatIsDeclaredNoLongerIsPruned() throws IOException {
    isDone(register("-f", file(WEB), "--owner", "mine"));
    isDone(register());
    cluster()
        .sh(
            "server entry create -spiffeID spiffe://example.org/theirs"
                + " -parentID spiffe://example.org/spire-agent -selector k8s:ns:theirs");
    isDone(register("-f", file(WEB), "--owner", "team"));
    assertThat(entries()).isEqualTo(6);
    String none = file(NONE);
    Run nobody = register("-f", none, "--prune");
    assertThat(nobody.code()).as("%s", nobody).isEqualTo(2);
    assertThat(nobody.err()).contains("--owner NAME must say");
    isDone(register("-f", none, "--owner", "team", "--prune"));
    assertThat(entries()).isEqualTo(6);
    isDone(register("-f", none, "--owner", "mine", "--prune"));
    assertThat(cluster().sh("server entry show"))
        .contains("spiffe://example.org/theirs", "spiffe://example.org/test-client")
        .contains("spiffe://example.org/spire-agent")
        .doesNotContain("spiffe://example.org/web");
  }

  @Test
  void twoTeamsWithTheDefaultsKeepTheirOwnEntries() {
    isDone(register("-n", "apps"));
    String ofFirst = shown("spiffe://example.org/integration-test");
    Run second = register("-n", "spire-system");
    isDone(second);
    assertThat(second.out())
        .contains("is also granted by", "to namespace apps (owner", "apps)")
        .contains("3 to create, 0 to update, 0 to delete");
    assertThat(entries()).isEqualTo(7);
    assertThat(cluster().sh("entry_ids -selector k8s:ns:apps").lines()).hasSize(3);
    assertThat(ofFirst).contains("k8s:ns:apps");
    for (String namespace : List.of("apps", "spire-system")) {
      Run again = register("-n", namespace, "--dry-run", "--detailed-exitcode");
      assertThat(again.code()).as("%s", again).isZero();
    }
  }

  @Test
  void whatSomebodyElseCreatedIsAConflictUntilItIsAdopted() throws IOException {
    cluster()
        .sh(
            "server entry create -spiffeID spiffe://example.org/web"
                + " -parentID spiffe://example.org/spire-agent -selector k8s:ns:apps"
                + " -selector k8s:sa:default -selector k8s:pod-label:app:web -dns theirs.apps");
    String theirs = shown("spiffe://example.org/web");
    String file = file(WEB);
    Run conflict = register("-f", file);
    assertThat(conflict.code()).as("%s", conflict).isEqualTo(1);
    assertThat(conflict.out())
        .contains("✗ conflict  spiffe://example.org/web", "theirs.apps", "--adopt", "1 conflict");
    assertThat(shown("spiffe://example.org/web")).isEqualTo(theirs);
    Run adopted = register("-f", file, "--adopt");
    isDone(adopted);
    assertThat(adopted.out()).contains("takes over entry");
    assertThat(shown("spiffe://example.org/web")).doesNotContain("theirs.apps");
  }

  @Test
  void twoRunsAtOnceMakeEachEntryOnce() throws Exception {
    StringBuilder many = new StringBuilder(WEB);
    for (int i = 0; i < 700; i++) {
      many.append("  - spiffeID: spiffe://example.org/many/").append(i).append('\n');
      many.append("    selectors: [k8s:ns:many, k8s:sa:s").append(i).append("]\n");
    }
    String file = file(many.toString());
    CompletableFuture<Run> other = CompletableFuture.supplyAsync(() -> register("-f", file));
    isDone(register("-f", file));
    isDone(other.get());
    assertThat(entries()).isEqualTo(702);
  }

  @Test
  void aServerThatRestartsHalfWayIsTakenUpAgain() throws Exception {
    StringBuilder many = new StringBuilder(WEB);
    for (int i = 0; i < 3000; i++) {
      many.append("  - spiffeID: spiffe://example.org/many/").append(i).append('\n');
      many.append("    selectors: [k8s:ns:many, k8s:sa:s").append(i).append("]\n");
    }
    String file = file(many.toString());
    CompletableFuture<Run> run = CompletableFuture.supplyAsync(() -> register("-f", file, "-v"));
    Until.holds(() -> entries() > 0, Duration.ofSeconds(60));
    cluster().sh("kubectl -n spire-system delete pod spire-server-0 --now --wait");
    Run broken = run.get();
    assertThat(broken.code()).as("%s", broken).isEqualTo(1);
    assertThat(broken.out()).contains("- not done", "running it again goes on from here");
    cluster()
        .sh(
            "kubectl -n spire-system rollout status statefulset/spire-server --timeout=90s"
                + " && kubectl -n spire-system rollout restart daemonset/spire-agent"
                + " && agent_rollout");
    isDone(register("-f", file));
  }

  @Test
  void withoutAgentsItRefusesUnlessForced() {
    cluster()
        .sh(
            "kubectl -n spire-system patch daemonset spire-agent --type=merge -p"
                + " '{\"spec\":{\"template\":{\"spec\":{\"nodeSelector\":{\"no\":\"where\"}}}}}'"
                + " && agent_rollout && kubectl -n spire-system wait --for=delete pod"
                + " -l app=spire-agent --timeout=60s");
    try {
      cluster()
          .sh(
              "for id in $(server agent list | sed -n 's/^SPIFFE ID *: //p'); do server agent evict"
                  + " -spiffeID $id; done");
      Run refused = register();
      assertThat(refused.code()).as("%s", refused).isEqualTo(1);
      assertThat(refused.out())
          .contains("✗ agent-not-on-node")
          .contains("Nothing was changed: no agent is attested");
      assertThat(entries()).isZero();
      isDone(register("--force"));
      assertThat(entries()).isEqualTo(4);
    } finally {
      cluster()
          .sh(
              "kubectl -n spire-system patch daemonset spire-agent --type=json -p"
                  + " '[{\"op\":\"remove\",\"path\":\"/spec/template/spec/nodeSelector\"}]'"
                  + " && agent_rollout");
      Until.holds(
          () -> cluster().sh("server agent list").contains(" attested agent"),
          Duration.ofSeconds(60));
    }
  }

  @Test
  void whereAControllerManagerOwnsTheEntriesItIsToldToMakeThem() throws IOException {
    cluster().sh("spire-deploy --controller-manager" + (RealCluster.csi() ? " --csi" : ""));
    try {
      String file = file(WEB);
      cluster().apply(Files.readString(Path.of("deploy/rbac.yaml")));
      Run refused = register(as("spire-doctor"), "-f", file, "--owner", "web", "-o", "json");
      assertThat(refused.code()).as("%s", refused).isEqualTo(1);
      assertThat(refused.out())
          .contains("create clusterstaticentries.spire.spiffe.io: 403", "\"not-done\"");
      cluster().apply(Files.readString(Path.of("deploy/rbac-register.yaml")));
      Run made = register(as("spire-doctor"), "-f", file, "--owner", "web", "--wait", "30s");
      isDone(made);
      assertThat(made.out()).contains("entries as ClusterStaticEntry");
      Until.holds(() -> cluster().served("apps", "web"), Duration.ofSeconds(15));
      isDone(register("-f", file(WEB + "    x509SVIDTTL: 10m\n"), "--owner", "web"));
      assertThat(shown("spiffe://example.org/web")).contains("X509-SVID TTL : 600");
      String ending = file(WEB + "    expiresAt: 2033-01-01T00:00:00Z\n");
      Run impossible = register("-f", ending, "--owner", "web", "-o", "json");
      assertThat(impossible.code()).isEqualTo(1);
      assertThat(impossible.out())
          .contains("\"field\" : \"expiresAt\"", "a ClusterStaticEntry has no such field");
      Run again = register("-f", file(WEB), "--owner", "web", "--dry-run", "-o", "json");
      assertThat(again.out()).contains("\"verdict\" : \"planned\"").contains("x509SVIDTTL");
      isDone(register("-f", file(NONE), "--owner", "web", "--prune"));
      assertThat(entries()).isZero();
    } finally {
      cluster().deploy();
    }
  }

  @Test
  void anOldApiServerCannotCloseAnInputAndIsSentOneAfterTheOther() throws IOException {
    try (ApiProxy old = ApiProxy.start(cluster().environment(), "29")) {
      Map<String, String> through = Map.of("KUBECONFIG", old.kubeconfig(directory));
      isDone(register(through));
      assertThat(entries()).isEqualTo(4);
      Run changed = register(through, "--service-account", "other");
      isDone(changed);
      assertThat(changed.out()).contains("✅ updated");
      isDone(register(through, "-f", file(NONE), "--owner", "spire-system", "--prune"));
      assertThat(entries()).isZero();
    }
  }

  /** With the rights of a service account where SPIRE is, and no others. */
  private Map<String, String> as(String account) {
    String kubeconfig = directory.resolve("kubeconfig").toString();
    cluster()
        .sh(
            """
            cp "$KUBECONFIG" '%1$s'
            kubectl --kubeconfig '%1$s' config set-credentials registrar \
              --token="$(kubectl -n spire-system create token %2$s)"
            kubectl --kubeconfig '%1$s' config set-context --current --user=registrar
            """
                .formatted(kubeconfig, account));
    return Map.of("KUBECONFIG", kubeconfig);
  }

  @Test
  void toListPodsAndToExecWhereSpireIsSuffices() {
    cluster()
        .sh(
            """
            kubectl -n spire-system create serviceaccount registrar
            kubectl -n spire-system create role registrar --verb=list --resource=pods
            kubectl -n spire-system create rolebinding registrar --role=registrar \
              --serviceaccount=spire-system:registrar
            """);
    Map<String, String> as = as("registrar");
    try {
      Run refused = register(as);
      assertThat(refused.code()).as("%s", refused).isEqualTo(3);
      assertThat(refused.out()).contains("create pods/exec in namespace");
      assertThat(entries()).isZero();
      cluster()
          .sh(
              "kubectl -n spire-system create role registrar-exec --verb=get,create"
                  + " --resource=pods/exec && kubectl -n spire-system create rolebinding"
                  + " registrar-exec --role=registrar-exec"
                  + " --serviceaccount=spire-system:registrar");
      isDone(register(as));
      assertThat(entries()).isEqualTo(4);
    } finally {
      cluster()
          .sh(
              "kubectl -n spire-system delete serviceaccount/registrar role/registrar"
                  + " rolebinding/registrar role/registrar-exec rolebinding/registrar-exec"
                  + " --ignore-not-found");
    }
  }

  @Test
  void whoMayNotExecIsToldWhatToDo() {
    Run run = register("--no-exec", "-o", "json");
    assertThat(run.code()).as("%s", run).isEqualTo(3);
    assertThat(run.out())
        .contains("\"verdict\" : \"refused\"")
        .contains("kubectl exec -n spire-system spire-server-0 -c spire-server --");
    // The commands can be pasted: as they are printed, they make what was to be made.
    List<String> commands =
        register("--no-exec")
            .out()
            .lines()
            .filter(line -> line.startsWith("kubectl exec"))
            .toList();
    assertThat(commands).hasSize(4);
    commands.forEach(cluster()::sh);
    Run now = register("--dry-run", "--detailed-exitcode");
    assertThat(now.code()).as("%s", now).isZero();
  }
}
