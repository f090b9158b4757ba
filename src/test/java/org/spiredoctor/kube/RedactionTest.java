package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What free text gives away, and what it must go on saying. {@code HIDE} marks each secret. */
class RedactionTest {
  /** No secret: made of two parts, so that scanners for secrets do not stop here. */
  private static final String FAKE = "hunter" + "2Fake";

  private static final String BASE64 =
      "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" + "BKcwggSjAgEAAoIBAQDfAkEfakeFakeF";

  private static final List<String> SEPARATORS =
      List.of(
          "",
          " ",
          "  x ",
          "=",
          ":",
          ": ",
          "/",
          "-",
          ".",
          "~",
          "@",
          ",",
          ";",
          "\\",
          "\"",
          "'",
          "=|",
          "=| ",
          "=|\n",
          "=[]",
          "=[",
          "={}",
          "=''",
          "=\\\"",
          "=<<",
          "%3D",
          " is ",
          ":1.2 ",
          "\n",
          "[redacted]",
          "=$(",
          "=\n",
          "=\n- ",
          "=\n  ",
          "=\\n",
          "a:b/",
          "={\n",
          "=[\n",
          "://",
          " = x ");

  static Stream<String> texts() {
    return Stream.of(
        // Connection strings.
        "postgres://spire:HIDE@db.example.org:5432/spire?sslmode=disable",
        "postgres://spire:pa/HIDE@db/spire",
        "https://HIDE@git.example.org/x.git",
        "dial spire:HIDE@tcp(mysql.example.org:3306)/spire?parseTime=true failed",
        "cannot use dsn 'spire:HIDE@/spire'",
        "failed to connect to `host=db user=spire password=HIDE dbname=spire`",
        "password='HIDE with spaces' host=db",
        "password=HI host=db".replace("HI", "HIDE"),
        "host=db password = 'HIDE' dbname=spire",
        // Settings.
        "secret_access_key = \"HIDE\"",
        "approle_secret_id = \"HIDE\"",
        "secretAccessKey: HIDE",
        "DB_PASSWORD=HIDE",
        "export MYSQL_PWD=HIDE",
        "  password: correct HIDE battery",
        "password: |\n  HIDE\n  HIDE\nuser: me",
        "password = <<EOF\nHIDE\nEOF\nuser = me",
        "secrets: [HIDE, \"HIDE\"]",
        "{\"name\":\"DB_PASSWORD\",\"value\":\"HIDE\"}",
        "- name: API_TOKEN\n  value: HIDE",
        "map[password:HIDE user:x]",
        "client-key-data: HIDE",
        "?password=HIDE&sslmode=disable",
        "password%3DHIDE",
        "'password' => 'HIDE'",
        // Flags.
        "spire-agent run -joinToken HIDE -socketPath /x",
        "--db-password HIDE",
        "--db-password=HIDE",
        "args: [\"-joinToken\", \"HIDE\"]",
        "[run -joinToken HIDE]",
        // Escaped.
        "msg=\"cannot parse {\\\"password\\\":\\\"HIDE\\\"}\" user=x",
        "{\"log\":\"{\\\"token\\\":\\\"HI\\\\\\\"DE\\\"}\"}".replace("HI", "HIDE"),
        "{\"msg\":\"x\",\"password\":\"HIDE\\\"HIDE\",\"a\":1}",
        // Headers.
        "Authorization: Basic HIDE",
        "Authorization: Bearer HIDE",
        "curl -H 'Authorization: Bearer HIDE' https://x",
        "\"Authorization\":[\"Bearer HIDE\"]",
        "sent Bearer HIDE to it",
        "Cookie: a=HIDE; b=HIDE",
        // Sentences.
        "the secret is HIDE",
        "password was \"HIDE\", sorry",
        "invalid token: HIDE",
        "invalid password: HIDE",
        // Short names, and others without a sign.
        "DB_PASS=HIDE",
        "pass=HIDE",
        "pw=HIDE",
        "userPass: HIDE",
        "psk=\"HIDE\"",
        "bindpw HIDE",
        "-passin pass:HIDE",
        "Server=db;Pwd=HIDE;Database=y",
        "connect with password \"HIDE\" failed",
        "using password HIDE",
        "password\tHIDE",
        "machine db login me password HIDE",
        "password\u00A0=HIDE",
        "password=''HIDE''",
        "<password>HIDE</password>",
        "Authorization: Token token=\"HIDE\"",
        "FOO_PASS=HIDE mysqld",
        "{\"smtpPass\":\"HIDE\"}",
        "text\\nDB_PASS=HIDE\\ntext",
        "--requirepass HIDE",
        "requirepass HIDE",
        "rootpw   HIDE",
        "keytool -storepass HIDE -alias x",
        "Uid=sa;Pwd=HIDE;",
        "pwd=/HIDE",
        "Pwd=/HIDE",
        "the new passphrase `HIDE` was rejected",
        "DB_PASSWORD   HIDE",
        "login failed with password HIDE, sorry",
        "using token 245ec281-9b1c-4c7e-bd25-HIDE245e",
        "password\u2003HIDE",
        "password:\u00A0HIDE",
        "password\u200B:\u200BHIDE",
        "password = \"\"\"HIDE\"\"\"",
        "<ns:password>HIDE</ns:password>",
        "<password type=\"x\">HIDE</password>",
        "<password>\n  HIDE\n</password>",
        "<password><![CDATA[HIDE]]></password>",
        "<password><value>HIDE</value></password>",
        "<entry key=\"password\">HIDE</entry>",
        "<property name=\"db.password\" value=\"HIDE\"/>",
        "Authorization: Digest username=\"x\", realm=\"y\", response=\"HIDE\"",
        "Authorization: Custom HIDE",
        "Authorization: AWS4-HMAC-SHA256 Credential=x, Signature=HIDE",
        // In the next line.
        "password:\n  HIDE",
        "password:\n  HIDE with more\nuser: me",
        "db:\n  password:\n    HIDE\n  user: me",
        "password:\r\n  HIDE\r\nuser: me",
        "- password:\n    HIDE",
        "password:\n  value: HIDE\n  other: HIDE\nuser: me",
        "passwords:\n  - HIDE and\n  - HIDE\nuser: me",
        "{\"password\":\n  \"HIDE\"}",
        "{\"log\":\"password:\\n  HIDE\\nuser: me\"}",
        "{\"log\":\"user: me\\npassword: correct HIDE battery\\nx: y\"}",
        "{\"log\":\"passwords:\\n- HIDE\\nx: y\"}",
        "args:\n- run\n- --db-password\n- HIDE",
        "args:\n  - \"-joinToken\"\n  - \"HIDE\"",
        // Nested.
        "{\"password\":{\"a\":{\"b\":\"x\"},\"value\":\"HIDE\"}}",
        "{\"tokens\":[[\"a\"],\"HIDE\"],\"b\":1}",
        "{\"password\":{\"a\":\"}\",\"value\":\"HIDE\"}}",
        "{\\\"password\\\":{\\\"a\\\":\\\"}\\\",\\\"value\\\":\\\"HIDE\\\"}}",
        "\"credentials\": {\n  \"a\": { \"b\": 1 },\n  \"value\": \"HIDE\"\n},\n\"x\": 1",
        "password: {a: 'it}', value: HIDE}",
        "password=\nHIDE",
        "passwords:\n- HIDE\n- HIDE",
        "\"password\": {\n \"value\": \"HIDE\"\n}",
        "\"tokens\": [\n \"HIDE\"\n]",
        // Selectors do not look like this.
        "docker:env:PASSWORD:HIDE",
        "Authorization: Bearer \"HIDE\"",
        "-H \"Authorization: Bearer \\\"HIDE\\\"\"",
        "Authorization: Digest username=\"x\" , response=\"HIDE\"",
        "https://x.example.org/cb?code=HIDE",
        "helm registry login -u me -p HIDE x",
        "curl \"https://x?a=1&b=2\" -u admin:HIDE",
        "mysql -h db -p\"HIDE x\" spire",
        "mysqldump -p\"HIDE\" db",
        "{\"log\":\"mysql -p\\\"HIDE x\\\" db\"}",
        "https://x.example.org/token: HIDE",
        "sqlplus scott/HIDE@1.2.3.4/x",
        "tpm:HIDE@tcp(mysql:3306)/db",
        "token = <<-\"EOF\"\n  HIDE\n  EOF\n",
        "docker:HIDE@tcp(mysql:3306)/db",
        "unix:HIDE@unix(/run/db.sock)/db",
        // Weak names, and flags of programs.
        "{\"auths\":{\"r\":{\"auth\":\"HIDE\"}}}",
        "https://x.example.org/a?sig=HIDE",
        "https://x.example.org/a?sv=2024-01-01&sig=HIDE&se=1",
        "JSESSIONID=HIDE",
        "GET /x;jsessionid=HIDE HTTP/1.1",
        "Set-Cookie: JSESSIONID=HIDE; Path=/",
        "PHPSESSID=HIDE; lang=en",
        "{\"r\":{\"auth\":\"" + "aHVudGVyMjpodW50ZXIyRmFrZQ" + "==HIDE\"}}",
        "//registry.example.org/:_auth=HIDE",
        "scott/HIDE@db",
        "sqlplus -s scott/HIDE@//db.example.org:1521/x",
        "cannot connect as 'scott/HIDE@db.example.org'",
        "url=jdbc:oracle:thin:scott/HIDE@db:1521:x",
        "postgres://spire:HIDE@shard1.example.org/db",
        "postgres://spire:HIDE@sha256:5432/db",
        "https://hooks.slack.com/services/T0A1/HIDE/B0",
        "https://discord.com/api/webhooks/123456/HIDE",
        "https://api.telegram.org/bot123456:HIDE/sendMessage",
        "https://x.webhook.office.com/webhookb2/HIDE/IncomingWebhook/1",
        "curl -u admin:HIDE https://x",
        "curl -s -uadmin:HIDE https://x",
        "curl --user 'admin:HIDE' https://x",
        "curl --proxy-user=admin:HIDE https://x",
        "[\"curl\",\"-u\",\"admin:HIDE\"]",
        "curl \\\n  -u admin:HIDE https://x",
        "etcdctl --user root:HIDE get x",
        "mysql -pHIDE db",
        "mysqldump -h db -u spire -p'HIDE' spire",
        "/usr/bin/mysql -h db -pHIDE",
        "docker login -u me -p HIDE registry.example.org",
        "ldapsearch -D cn=x -w HIDE -b dc=x",
        "mongosh -u me -p HIDE",
        "openssl rsa -in x -passin pass:HIDE -out y",
        "netrc:\nmachine db.example.org\n  login me\n  password HIDE",
        "sshpass -p HIDE ssh x",
        "redis-cli -a HIDE ping");
  }

  /** Where the host tells nothing: it is no name of an object. */
  @Test
  void whatNoObjectIsCalledIsAPassword() {
    String password = "ccfi" + "+jeA";
    assertThat(Redaction.text("scott/" + password + "@db")).doesNotContain(password);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void aSecretIsTakenOut(String text) {
    String safe = Redaction.text(text.replace("HIDE", FAKE));
    assertThat(safe).doesNotContain(FAKE).contains(Redaction.HIDDEN);
    assertThat(Redaction.text(safe)).as("once more").isEqualTo(safe);
  }

  static Stream<String> known() {
    String word = "A1b2C3d4E5f6G7h8I9j0";
    return Stream.of(
        "gh" + "p_" + word,
        "gh" + "o_" + word,
        "github" + "_pat_" + word,
        "gl" + "pat-" + word,
        "xo" + "xb-" + word,
        "AK" + "IA" + "ABCDEFGHIJKLMNOP",
        "s" + "k-" + word + word,
        "hv" + "s." + word,
        "e" + "yJhbGciOiJSUzI1NiJ9." + word + "." + word,
        "e" + "yJhbGciOiJSUzI1NiJ9.." + word + "." + word + "." + word,
        "e" + "yJhbGciOiJkaXIifQ." + word + "." + word + "." + word + "." + word,
        "LS0t" + "LS1CRUdJTi" + word,
        BASE64);
  }

  @ParameterizedTest
  @MethodSource("known")
  void aTokenIsKnownByItsForm(String token) {
    assertThat(Redaction.text("it said " + token + " and went on"))
        .isEqualTo("it said [redacted] and went on");
    assertThat(Redaction.text("{\"it\":\"" + token + "\"}")).isEqualTo("{\"it\":\"[redacted]\"}");
    assertThat(Redaction.text("line\\n" + token + "\\nline")).doesNotContain(token);
  }

  @Test
  void aPrivateKeyIsTakenOutWhereverItIsCut() {
    String body = BASE64 + "\n" + BASE64.replace('M', 'Q') + "\nq7Fg==\n";
    String key = "-----BEGIN PRIVATE " + "KEY-----\n" + body + "-----END PRIVATE " + "KEY-----\n";
    for (String form :
        new String[] {key, key.replace("\n", "\\n"), key.replace("\n", "\r\n"), indented(key)}) {
      for (int from = 0; from < form.length(); from++) {
        // A window begins with a line.
        if (from == 0 || form.charAt(from - 1) == '\n' || form.startsWith("\\n", from)) {
          assertNoKey(form.substring(from));
          assertNoKey("ready\n" + form.substring(from) + "done\n");
        }
      }
      for (int to = key.indexOf("MII"); to < form.length(); to += 7) {
        assertNoKey("ready\n" + form.substring(0, to));
      }
    }
    assertThat(Redaction.text("ready\n" + key + "done")).contains("ready").contains("done");
  }

  private static String indented(String key) {
    return key.replaceAll("(?m)^", "    ");
  }

  private static void assertNoKey(String text) {
    assertThat(Redaction.text(text))
        .doesNotContain("kqhkiG9w")
        .doesNotContain("fakeFake")
        .doesNotContain("q7Fg");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token not authenticated according to TokenReview API for cluster \"x\"",
        "failed to attest: join token does not exist or has already been used",
        "join token expired",
        "join token was not provided",
        "unable to load token from /var/run/secrets/tokens/spire-agent: open: no such file",
        "MountVolume.SetUp failed for volume \"x\" : secret \"x\" not found",
        "secrets \"web\" is forbidden: User \"system:serviceaccount:a:b\" cannot get resource"
            + " \"secrets\" in API group \"\" in the namespace \"a\"",
        "jwtsvid: token has expired (exp)",
        "invalid token: signature is invalid",
        "the token is expired",
        "FATAL: password authentication failed for user \"spire\" (SQLSTATE 28P01)",
        "Error: flag provided but not defined: -joinToken",
        "subsystem_name=built-in_plugin.join_token plugin_name=join_token plugin_type=NodeAttestor",
        "token_path = \"/var/run/secrets/tokens/spire-agent\"",
        "Back-off pulling image \"registry.example.org/team/app-secret:1.2.345\"",
        "Successfully pulled image \"docker-secret:v2.0.1\" in 2s",
        "docker-pullable://registry.example.org:5000/app@sha256:"
            + "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
        "app:1.0@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
        "level=error msg=\"No identity issued\" selectors=\"[k8s:ns:apps k8s:sa:token-issuer]\"",
        "k8s:pod-label:token:web k8s:pod-label:app-secret:web",
        "tokenreviews.authentication.k8s.io is forbidden: User",
        "create tokenreviews.authentication.k8s.io: 429 Too Many Requests",
        "k8s:image-signature-subject:ci@example.org",
        "type:k8s value:\"image-signature-subject:ci@example.org\"",
        "gcp_iit:sa:spire@proj.iam.gserviceaccount.com",
        "aws_iid:tag:email:ops@example.org",
        "[aws_iid:tag:email:ops@example.org aws_iid:tag:secret:web]",
        "aws_iid:tag:secret:web",
        "x509pop:subject:cn:bob@host",
        "k8s_psat:agent_sa:x@y",
        "rpc error: code = Unauthenticated desc = token is not valid",
        "spiffe://example.org/spire/agent/k8s_psat/demo/245ec281-9b1c-4c7e-bd25-0a2b3c4d5e6f",
        "authorization denied for method /spire.api.server.agent.v1.Agent/RenewAgent",
        "containerd://74c8b1a2f3e4d5c6b7a8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e",
        "https://10.0.0.1:10250/pods?token",
        "FetchX509SVIDBundles PSATNodeAttestorV1ServiceServer createPodSandboxConfig",
        "PWD=/home/spire OLDPWD=/",
        "bypass=x2 the probes pass: all of them; passed=3 passing: yes, -u 1000:1000",
        "password is wrong; password authentication failed; password SCRAM-SHA-256 rejected",
        "auth: k8s_psat",
        "auth=basic sig=RS256",
        "docker run -p 8080:80 -u spire:spire x; mysql -h db -p",
        "kubectl auth can-i get pods --user system:serviceaccount:apps:web-1",
        "mysql: [Warning] using a password on the command line can be insecure.",
        "Access denied for user 'spire'@'10.0.0.1' (using password: YES)",
        "fe_sendauth: no password supplied",
        "wrong password: authentication failed",
        "DB_PASSWORD must be set",
        "password PWD=/home/spire",
        "couldn't find key password in Secret apps/db",
        "secret \"db-password\" not found",
        "failed to get secret \"spire-token\": secrets \"spire-token\" is forbidden",
        "MountVolume.SetUp failed for volume \"db-pass\" : secret \"db-pass\" not found",
        "references non-existent secret key: tls.crt",
        "failed to load bootstrap bundle: secret not found",
        "token expired",
        "usage: login <user> <password>",
        "the token was issued for audience x; token for cluster demo-1",
        "github.com/spiffe/go-spiffe/v2@v2.5.0/workloadapi/client.go:123",
        "uses: actions/checkout@v4 and actions/checkout@main",
        "principal HTTP/web.example.org@EXAMPLE.ORG",
        "registry/pass/x@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
        "k8s:pod-label:pass:x k8s:pod-label:pw:hunter2 docker:label:auth:x1y2z3a4b5c6",
        "selectors=\"[type:\\\"k8s\\\" value:\\\"sa:web\\\"]\"",
        "unix:///run/spire/sockets/api.sock unix:/run/spire/agent@1/api.sock",
        "code=400 status=BadRequest, session=12",
        "rpc error: code = PermissionDenied desc = no identity issued",
        "No identity issued pid=12 registered=false service=WorkloadAPI",
        "auth: webhook, sigstore: enabled, key: value",
        "--- PASS: TestFetchX509SVID (0.01s)",
        "registry.test:5000/mirror/spire-agent@sha256:aa",
        "password:\nready to serve",
        "basic authentication failed; Basic Constraints missing",
        "password: ${DB_PASSWORD}",
        "session=3f2a-node1 code=ECONNREFUSED",
        "level=error code=PermissionDenied2",
        "mysql-operator --namespace=x -parallel=3",
        "helm login && kubectl port-forward -p 80",
        "login page served -prod-eu",
        "ldap-sync -wait 5s",
        "open /var/run/secrets/kubernetes.io/serviceaccount/token: permission denied",
        "Post \"https://oidc.example.org/token\": dial tcp 10.0.0.1:443: connect: connection refused",
        "oauth2/token: x509: certificate signed by unknown authority",
        "failed to validate token: tokenreviews.authentication.k8s.io is forbidden",
        "failed to get credentials: NoCredentialProviders: no valid providers in chain",
        "InvalidIdentityToken: Incorrect token audience",
        "ExpiredTokenException: Token expired: current date is later",
        "token: illegal base64 data at input byte 4",
        "credentials: file not found",
        "SecretSyncedError: could not get secret",
        "token_source.go:153] started",
        "caller=token.go:123",
        "at x.TokenService.java:123",
        "moved to apps/web@node-1",
        "kafka/broker-1.example.org@EXAMPLE.ORG",
        "npm/foo@1.2.3",
        "user/repo@branch-x",
        "sh -c \"mysql -h db -p\" was run",
        "Readiness probe failed: Get \"http://10.0.0.2:8080/ready\": dial tcp: refused"
      })
  void ordinaryTextStaysAsItIs(String text) {
    assertThat(Redaction.text(text)).isEqualTo(text);
  }

  @Test
  void aWordInAnglesHidesNoMoreThanItself() {
    String after = " err=x\nlevel=error msg=\"no identity issued\"\nlast";
    assertThat(Redaction.text("token=<<nil>>" + after)).endsWith(after);
  }

  @Test
  void whatFindingsQuoteStaysAsItIs() throws IOException {
    try (Stream<Path> pages = Files.list(Path.of("src/main/resources/findings"))) {
      pages
          .flatMap(RedactionTest::lines)
          .forEach(line -> assertThat(Redaction.text(line)).isEqualTo(line));
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readString(file).lines();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password ",
        "password",
        "password=",
        "password=\"",
        "password: [",
        "password:|",
        "token\\",
        "eyJ",
        "eyJhbGciOi.",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "a://",
        "a:@",
        "a@sha256:",
        "://u:p@",
        "\"",
        "\\",
        "\\\"",
        "\\n",
        "name: ",
        "-joinToken ",
        "Bearer ",
        "secret is ",
        "x\n",
        "=",
        "<<"
      })
  void theTimeIsLinear(String part) {
    String text = part.repeat(256 * 1024 / part.length());
    String spaces = part + " ".repeat(256 * 1024) + part;
    Assertions.assertTimeout(
        Duration.ofSeconds(15),
        () -> {
          Redaction.text(text);
          Redaction.text(spaces);
          Redaction.tokens(text);
        });
  }

  /** Whatever a detector looks for, again and again, with whatever it looks at behind it. */
  @Test
  void theTimeIsLinearWhateverIsRepeated() {
    List<String> words =
        Stream.of(
                KnownTokens.FORMS.stream().map(KnownTokens.Form::prefix),
                SecretNames.PARTS.stream(),
                HeaderValues.SCHEMES.stream(),
                Stream.of(
                    "name",
                    "value",
                    "-password",
                    "Cookie",
                    "scheme://",
                    "k8s:x@",
                    "auth",
                    "-u",
                    "-a",
                    "<password>",
                    "token1",
                    "bindpw",
                    "password\u00A0(",
                    "password\u0085-\u0085",
                    "rootpw\u00A0(",
                    "password..\u0085",
                    "password\u200B/",
                    "password=<<a\n",
                    "DB_PASS",
                    "pwd",
                    "PASS",
                    "curl -u",
                    "curl -ux",
                    "mysql -p",
                    "- -password",
                    "<a:password>",
                    "<password",
                    "scott/x@",
                    "password is",
                    "password:\n",
                    "\"password\":\n",
                    "{\"password\"",
                    "\\npassword",
                    "key=\"password\"",
                    "Authorization: a",
                    "Authorization: token x=",
                    "jsessionid",
                    "hooks.slack.com/services/"))
            .flatMap(all -> all)
            .toList();
    List<String> some = List.of("sk-", "password", "bearer", "token1");
    for (String word : words) {
      for (String separator :
          some.contains(word) ? SEPARATORS : List.of("", "/", "=", ";", "=\n- ")) {
        String text = (word + separator).repeat(256 * 1024 / (word + separator).length());
        long began = System.nanoTime();
        Redaction.text(text);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
            .as("%s%s, again and again", word, separator)
            .isLessThan(Duration.ofSeconds(15));
      }
    }
  }

  @Test
  void linesAreCutBehindWhatWasHidden() {
    String line = "x".repeat(8180) + " password=" + FAKE;
    assertThat(Redaction.text(line + "\nnext")).doesNotContain("hunter").endsWith("[cut]\nnext");
    String huge = "word ".repeat(300_000);
    assertThat(Redaction.text(huge).length()).isLessThan(9000);
    assertThatCode(() -> Redaction.text("")).doesNotThrowAnyException();
  }

  @Test
  void namesStayAsTheyAreUnlessTheyAreTokens() {
    for (String name :
        new String[] {
          "apps/web2024@node",
          "app-secret:1.2.345",
          "k8s:pod-label:password:hunter",
          "value",
          "sk-learn",
          "token=x"
        }) {
      assertThat(Redaction.tokens(name)).isEqualTo(name);
    }
    assertThat(Redaction.tokens("k8s:pod-label:x:gh" + "p_A1b2C3d4E5"))
        .isEqualTo("k8s:pod-label:x:[redacted]");
  }
}
