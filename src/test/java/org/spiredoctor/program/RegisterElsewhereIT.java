package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.RealCluster.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.spiredoctor.program.Program.Run;

/** {@code register} where the server, the cluster or the rights are not the usual ones. */
@RealClusterTest("register in a real cluster that is not as usual")
class RegisterElsewhereIT extends RegisterTestSupport {
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
