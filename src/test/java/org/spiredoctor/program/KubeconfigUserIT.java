package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.BothClients.ALLOWED;
import static org.spiredoctor.program.BothClients.FAILED;
import static org.spiredoctor.program.BothClients.UNKNOWN_USER;
import static org.spiredoctor.program.KubeconfigRows.ACCOUNT;
import static org.spiredoctor.program.KubeconfigRows.data;
import static org.spiredoctor.program.RealCluster.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of docs/kubeconfig.md on users, at a real API server, where kubectl answers too. */
@RealClusterTest("users of kubeconfigs beside kubectl")
class KubeconfigUserIT {
  private static final Program PROGRAM =
      Program.hasNative() ? Program.nativeBinary() : Program.jvm();

  private static final String ROWS_LIST = ACCOUNT + " cannot list pods";

  @TempDir private static Path directory;
  private static KubeconfigRows rows;
  private static BothClients clients;

  @BeforeAll
  static void start() throws IOException {
    rows = KubeconfigRows.make(cluster(), directory);
    clients = new BothClients(PROGRAM, Files.createDirectory(directory.resolve("home")));
  }

  @AfterAll
  static void stop() {
    if (rows != null) {
      rows.remove();
    }
  }

  private static BothClients.Answers ask(String userFields) throws IOException {
    return clients.ask(rows.config(rows.here(), userFields));
  }

  @Test
  void whoIsImpersonatedLacksWhatTheUserMay() throws IOException {
    ask(rows.admin()).are(ALLOWED);
    ask(rows.admin() + ", as: jane").are("jane cannot list pods");
    ask(rows.admin() + ", as: jane, as-groups: [rows-viewers]").are(ALLOWED);
    ask(rows.admin() + ", as: jane, as-groups: [others]").are("jane cannot list pods");
    ask("token: " + rows.token() + ", as: jane").are("jane cannot list pods");
    ask("token: " + rows.token() + ", as: jane, as-groups: [rows-viewers]").are(ALLOWED);
    ask("token: " + rows.token() + ", as: jane, as-uid: u-1")
        .are(ACCOUNT + " cannot impersonate uids");
    ask("token: " + rows.token() + ", as: jane, as-user-extra: {reason: [a]}")
        .are(ACCOUNT + " cannot impersonate userextras/reason");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"as-uid: u-1", "as-groups: [rows-viewers]", "as-user-extra: {reason: [a]}"})
  void halfAnImpersonationIsRefused(String half) throws IOException {
    ask(rows.admin() + ", " + half).are(FAILED);
  }

  /** Programs are run over a web socket, which must not be opened with the user's own rights. */
  @Test
  void programsAreRunAsWhoIsImpersonatedToo() throws IOException {
    RealCluster cluster = cluster();
    String rbac = Files.readString(Path.of("deploy/rbac.yaml"));
    cluster.apply(rbac);
    Map<String, String> as =
        rows.config(
            rows.here(),
            rows.admin() + ", as: \"system:serviceaccount:spire-system:spire-doctor\"");
    // 'kubectl exec' itself would need to get pods too.
    String[] exec = {"auth", "can-i", "create", "pods", "--subresource=exec", "-n", "spire-system"};
    String missing = "create pods/exec in namespace spire-system";
    assertThat(clients.kubectlRun(as, exec).out()).isEqualTo("yes\n");
    assertThat(clients.doctor(as).text()).doesNotContain(missing);
    cluster.sh(
        """
        kubectl -n spire-system get role spire-doctor-exec -o json \
          | sed -e 's#"pods/exec"#"nothing"#' | kubectl replace -f -
        """);
    try {
      assertThat(clients.kubectlRun(as, exec).out()).isEqualTo("no\n");
      assertThat(clients.doctor(as).text()).contains(missing);
    } finally {
      cluster.apply(rbac);
    }
  }

  @Test
  void tokens() throws IOException {
    ask("token: " + rows.token()).are(ROWS_LIST);
    ask("token: other").are(UNKNOWN_USER);
    ask("token: \"planted\\u0007\"").are(FAILED);
    BothClients.Answers odd = ask("token: \"planted\\u00e9\"");
    assertThat(odd.kubectl().end()).isEqualTo(UNKNOWN_USER);
    assertThat(odd.doctor().end()).isEqualTo(FAILED);
    assertThat(odd.doctor().text()).doesNotContain("planted");
    ask("token: other, username: jane").are(FAILED).because("only one is allowed");
    // kubectl asks for a user name and a password where there is nothing to show.
    BothClients.Answers nothing = ask("");
    assertThat(nothing.kubectl().text()).contains("Please enter Username");
    assertThat(nothing.doctor().end()).isEqualTo("system:anonymous cannot list pods");
    // The API server knows no passwords.
    ask("username: jane, password: planted").are("system:anonymous cannot list pods");
  }

  @Test
  void aTokenFileComesBeforeATokenAndIsReadAgain() throws IOException {
    Path file = rows.file("token-file", "other\n");
    String user = "token: " + rows.token() + ", tokenFile: token-file";
    ask(user).are(UNKNOWN_USER);
    Files.writeString(file, rows.token() + "\n");
    ask("token: other, tokenFile: token-file").are(ROWS_LIST);
    Files.delete(file);
    ask(user).are(ROWS_LIST);
    ask("tokenFile: token-file").are(FAILED).because("token-file does not exist");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rows-rsa | openssl genrsa -traditional 2048 | openssl pkcs8 -topk8 -nocrypt",
        "rows-ec | openssl ecparam -genkey -noout -name prime256v1 | openssl pkcs8 -topk8 -nocrypt",
        "rows-ed25519 | openssl genpkey -algorithm ed25519 | cat"
      })
  void clientCertificates(String name, String generate, String convert) throws IOException {
    cluster()
        .sh(
            "cd '%1$s'; %3$s > %2$s.key; %4$s < %2$s.key > %2$s.pkcs8"
                .formatted(directory, name, generate, convert));
    Path key = directory.resolve(name + ".key");
    String certificate = rows.certificate(name, key);
    rows.file(name + ".crt", certificate);
    String refused = name + " cannot list pods";
    ask("client-certificate: %1$s.crt, client-key: %1$s.key".formatted(name)).are(refused);
    String inside = "client-certificate-data: " + data(certificate) + ", client-key-data: ";
    ask(inside + data(Files.readString(key))).are(refused);
    ask(inside + data(Files.readString(directory.resolve(name + ".pkcs8")))).are(refused);
    ask("client-certificate: %s.crt".formatted(name)).are(FAILED);
    plugin(
        """
        cd "$(dirname "$0")"
        printf '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",'
        printf ' "status": {"clientCertificateData": "%%s", "clientKeyData": "%%s"}}' \\
          "$(sed 's/$/\\\\n/' %1$s.crt | tr -d '\\n')" "$(sed 's/$/\\\\n/' %1$s.key | tr -d '\\n')"
        """
            .formatted(name));
    ask(exec("v1", "")).are(refused);
  }

  private static Path plugin(String script) throws IOException {
    return rows.program("rows-plugin", script);
  }

  private static String credential(String version, String status) {
    return "echo '{\"apiVersion\": \"client.authentication.k8s.io/%s\", \"kind\": \"ExecCredential\", \"status\": {%s}}'\n"
        .formatted(version, status);
  }

  private static String exec(String version, String more) {
    return "exec: {apiVersion: client.authentication.k8s.io/%s, command: ./rows-plugin, interactiveMode: Never%s}"
        .formatted(version, more);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v1beta1"})
  void aPluginGivesAToken(String version) throws IOException {
    Path heard = directory.resolve("heard-" + version);
    plugin(
        "echo \"$KUBERNETES_EXEC_INFO\" \"|$1|$ROWS\" | tr -d '\\n' >> '%1$s'; echo >> '%1$s'\n"
                .formatted(heard)
            + credential(version, "\"token\": \"" + rows.token() + "\""));
    ask(exec(version, ", provideClusterInfo: true, args: [\"a b\"], env: [{name: ROWS, value: c}]"))
        .are(ROWS_LIST);
    // Both are told the same; this program asks once, however many requests it sends.
    assertThat(Files.readAllLines(heard))
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains(rows.server()).endsWith("|a b|c"));
    plugin(credential(version, "\"token\": \"other\""));
    ask(exec(version, "")).are(UNKNOWN_USER);
  }

  @Test
  void aPluginOnThePath() throws IOException {
    plugin(credential("v1", "\"token\": \"" + rows.token() + "\""));
    Path config =
        rows.file("config", rows.yaml(rows.here(), exec("v1", "").replace("./rows", "rows"), ""));
    clients
        .ask(
            KubeconfigRows.reading(
                config, "PATH", directory + File.pathSeparator + System.getenv("PATH")))
        .are(ROWS_LIST);
  }

  @Test
  void whatAPluginDoesWrongIsSaid() throws IOException {
    Path runs = directory.resolve("runs");
    plugin("echo x >> '%s'; echo no login >&2; exit 7".formatted(runs));
    ask(exec("v1", "")).are(FAILED).because("failed with exit code 7: no login");
    // Once by each of both.
    assertThat(Files.readAllLines(runs)).hasSize(2);
    plugin("echo planted-" + "value");
    BothClients.Answers answers = ask(exec("v1", "")).are(FAILED);
    answers.because("did not print an ExecCredential");
    assertThat(answers.doctor().text()).doesNotContain("planted-value");
    plugin(credential("v1beta1", "\"token\": \"t\""));
    ask(exec("v1", "")).are(FAILED).because("printed another version");
    ask(exec("v1alpha1", "")).are(FAILED);
    plugin(credential("v1", "\"token\": \"t\""));
    ask(exec("v1", "").replace("Never", "Always")).are(FAILED).because("needs a terminal");
    ask(exec("v1", ", installHint: get it from the shelf").replace("rows-plugin", "missing"))
        .are(FAILED)
        .because("cannot be started", "get it from the shelf");
  }

  /** kubectl waits without end. */
  @Test
  void aPluginThatHangsIsStopped() throws IOException {
    Path runs = directory.resolve("hanging");
    plugin("echo $$ >> '%s'; echo waiting for you >&2; exec sleep 1000".formatted(runs));
    Map<String, String> environment = rows.config(rows.here(), exec("v1", ""));
    long began = System.nanoTime();
    BothClients.Answer answer = clients.doctor(environment);
    assertThat(answer.end()).isEqualTo(FAILED);
    assertThat(answer.text()).contains("did not end within 60 s and was stopped");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(75));
    assertThat(Files.readAllLines(runs)).hasSize(1);
    assertThat(ProcessHandle.of(Long.parseLong(Files.readString(runs).strip()))).isEmpty();
  }

  @Test
  void authProviders() throws IOException {
    ask("auth-provider: {name: gcp}").are(FAILED).because("use exec");
    // Of nobody, and good for long.
    String claims =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"exp\": 9999999999}".getBytes(StandardCharsets.US_ASCII));
    ask("auth-provider: {name: oidc, config: {idp-issuer-url: \"https://127.0.0.1:1\", client-id: c, id-token: \"e30.%s.e30\"}}"
            .formatted(claims))
        .are(UNKNOWN_USER);
  }
}
