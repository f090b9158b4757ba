package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What free text gives away, and what it must go on saying. {@code HIDE} marks each secret. */
class RedactionTest {
  /** No secret: made of two parts, so that scanners for secrets do not stop here. */
  private static final String FAKE = "hunter" + "2Fake";

  private static final String BASE64 =
      "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" + "BKcwggSjAgEAAoIBAQDfAkEfakeFakeF";

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
  void linesAreCutBehindWhatWasHidden() {
    String line = "x".repeat(8180) + " password=" + FAKE;
    assertThat(Redaction.text(line + "\nnext")).doesNotContain("hunter").endsWith("[cut]\nnext");
    String huge = "word ".repeat(300_000);
    assertThat(Redaction.text(huge).length()).isLessThan(9000);
    assertThatCode(() -> Redaction.text("")).doesNotThrowAnyException();
  }
}
