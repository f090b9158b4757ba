package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.BothClients.ALLOWED;
import static org.spiredoctor.program.BothClients.FAILED;
import static org.spiredoctor.program.KubeconfigRows.reading;
import static org.spiredoctor.program.RealCluster.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rows of docs/kubeconfig.md on files; {@link KubeconfigServerIT} has those on clusters. */
@RealClusterTest("kubeconfigs beside kubectl's reading")
class KubeconfigIT extends KubeconfigRowsSupport {
  private static String admin() {
    return rows.yaml(rows.here(), rows.admin(), "");
  }

  @Test
  void aFileThatIsNamedIsTheOnlyOne() throws IOException {
    String good = rows.file("good", admin()).toString();
    Map<String, String> other =
        reading(rows.file("other", rows.yaml(rows.here(), "token: " + rows.token(), "")));
    clients.ask(other, "--kubeconfig", good).are(ALLOWED);
    clients.ask(other).are(KubeconfigRows.ACCOUNT + " cannot list pods");
    clients
        .ask(reading(Path.of(good)), "--kubeconfig", directory + "/missing")
        .are(FAILED)
        .because("missing does not exist");
  }

  @Test
  void theHomesKubeconfigIsTheDefault() throws IOException {
    Files.createDirectories(clients.home().resolve(".kube"));
    Path file = Files.writeString(clients.home().resolve(".kube/config"), admin());
    clients.ask(Map.of()).are(ALLOWED);
    Files.delete(file);
  }

  @Test
  void filesAreMergedAndTheFirstWins() throws IOException {
    Path first =
        rows.file(
            "first",
            """
            apiVersion: v1
            kind: Config
            users: [{name: u, user: {token: %s}}]
            contexts: [{name: other, context: {cluster: c, user: v}}]
            """
                .formatted(rows.token()));
    Path second = rows.file("second", admin() + "\n");
    Path third =
        rows.file(
            "third",
            """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
            users: [{name: v, user: {%s}}]
            current-context: other
            """
                .formatted(rows.admin()));
    String missing = directory + "/missing";
    Map<String, String> merged =
        Map.of(
            "KUBECONFIG",
            String.join(
                File.pathSeparator,
                missing,
                first.toString(),
                second.toString(),
                third.toString()));
    // The user of the first file, the cluster and the current context of the second.
    clients.ask(merged).are(KubeconfigRows.ACCOUNT + " cannot list pods");
    clients.ask(merged, "--context", "other").are(ALLOWED);
    clients.ask(merged, "--context", "neither").are(FAILED).because("no context 'neither'");
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    clients
        .ask(reading(rows.file("none", admin().replace("current-context: x", ""))))
        .are(FAILED)
        .because("no current-context", "x");
    clients
        .ask(reading(rows.file("cluster", admin().replace("cluster: c,", "cluster: other,"))))
        .are(FAILED)
        .because("cluster 'other', which does not exist");
    clients
        .ask(reading(rows.file("user", admin().replace("user: u}", "user: other}"))))
        .are(FAILED)
        .because("user 'other', which does not exist");
  }

  @Test
  void aBrokenFileIsNotQuoted() throws IOException {
    Path broken = rows.file("broken", admin() + "\tplanted-" + "value: [\n");
    BothClients.Answers answers = clients.ask(reading(broken)).are(FAILED);
    answers.because("broken is not valid YAML");
    assertThat(answers.doctor().text()).doesNotContain("planted-value");
  }

  /** Those of the libraries that are commonly used for Java. */
  @Test
  void otherVariablesOverrideNothing() throws IOException {
    Map<String, String> others = new HashMap<>();
    others.put("KUBERNETES_MASTER", "https://127.0.0.1:1");
    others.put("KUBERNETES_API_VERSION", "v0");
    others.put("KUBERNETES_AUTH_TOKEN", "other");
    others.put("KUBERNETES_AUTH_BASIC_USERNAME", "other");
    others.put("KUBERNETES_AUTH_BASIC_PASSWORD", "other");
    others.put("KUBERNETES_IMPERSONATE_USERNAME", "other");
    others.put("KUBERNETES_NAMESPACE", "other");
    others.put("KUBERNETES_CERTS_CA_FILE", "/none");
    others.put("KUBERNETES_CERTS_CLIENT_FILE", "/none");
    others.put("KUBERNETES_CERTS_CLIENT_KEY_FILE", "/none");
    others.put("KUBERNETES_DISABLE_HOSTNAME_VERIFICATION", "true");
    others.put("KUBERNETES_TRUST_CERTIFICATES", "true");
    others.put("KUBERNETES_ALL_PROXY", "http://127.0.0.1:1");
    others.putAll(rows.config(rows.here(), rows.admin()));
    clients.ask(others).are(ALLOWED);
    others.putAll(rows.config("server: \"" + rows.server() + "\"", rows.admin()));
    clients.ask(others).are(FAILED);
  }

  @Test
  void theNamespaceOfAPodIsThatOfTheContext() throws IOException {
    cluster().apply(ClusterFault.goodPod(cluster()));
    Map<String, String> apps =
        reading(rows.file("apps", rows.yaml(rows.here(), rows.admin(), ", namespace: apps")));
    Map<String, String> usual = rows.config(rows.here(), rows.admin());
    assertThat(clients.kubectlRun(apps, "get", "pod", "web").code()).isZero();
    assertThat(clients.doctor(apps, "web").text()).doesNotContain("pod-not-found\",");
    assertThat(clients.kubectlRun(usual, "get", "pod", "web").code()).isOne();
    assertThat(clients.doctor(usual, "web").text())
        .contains("There is no pod web in namespace default; the nearest is apps/web");
    assertThat(clients.kubectlRun(usual, "get", "pod", "web", "-n", "apps").code()).isZero();
    assertThat(clients.doctor(usual, "web", "-n", "apps").text()).doesNotContain("There is no pod");
    assertThat(clients.doctor(usual, "apps/web").text()).doesNotContain("There is no pod");
    assertThat(clients.doctor(usual, "web", "-A").text()).doesNotContain("There is no pod");
  }
}
