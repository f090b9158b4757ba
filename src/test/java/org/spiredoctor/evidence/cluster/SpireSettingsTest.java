package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.kube.Redaction;

/** Of a configuration only named settings are kept. */
class SpireSettingsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String SECRET = "hunter" + "2Fake";

  private static String kept(String text) {
    JsonNode map = MAPPER.valueToTree(Map.of("data", Map.of("server.conf", text)));
    return SpireSettings.kept(map).at("/data/server.conf").asText();
  }

  private static String file(String name) throws IOException {
    return Files.readString(Path.of("src/test/resources/configs", name))
        .replace("@SECRET@", SECRET);
  }

  @Test
  void noSecretOfAnyPluginIsKept() throws IOException {
    String kept = kept(file("server.conf"));
    assertThat(kept).doesNotContain(SECRET);
    assertThat(kept)
        .contains("tcp(mysql.example.org:3306)/spire")
        .contains("host=ro.example.org dbname=spire")
        .contains("postgres://pg.example.org:5432/spire")
        .contains("/run/spire/data/db.sqlite3");
    SpireConfig config = new SpireConfig(kept);
    assertThat(config.trustDomain()).contains("example.org");
    assertThat(config.value("server", "bind_port")).contains("8081");
    assertThat(config.has("plugins", "UpstreamAuthority", "vault", "plugin_data")).isTrue();
    assertThat(config.has("plugins", "Notifier", "k8sbundle")).isTrue();
    assertThat(config.value("plugins", "Notifier", "k8sbundle", "plugin_data", "config_map"))
        .contains("spire-bundle");
    assertThat(
            config.values(
                "plugins",
                "NodeAttestor",
                "k8s_psat",
                "plugin_data",
                "clusters",
                "demo",
                "service_account_allow_list"))
        .containsExactly("spire:spire-agent");
    assertThat(kept(kept)).as("once more").isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"values.yaml", "environment.txt", "server.conf"})
  void noSecretOfARealFileStaysInText(String name) throws IOException {
    String text = file(name);
    if (!name.endsWith(".conf")) {
      assertThat(Redaction.text(text)).doesNotContain(SECRET);
    }
    assertThat(kept(text)).doesNotContain(SECRET);
  }

  /** Who changes a setting has to see each place that has it. */
  @Test
  void whatStandsInABlockThatNoRuleReadsTooIsSeenThere() {
    String kept =
        kept(
            """
            server { trust_domain = "example.org", port = 1 }
            telemetry { Prometheus { port = 9988 }, "%1$s" { trust_domain = "%1$s" } }
            list = [{ Trust { trust_domain = "example.org" } }, "%1$s"]
            """
                .formatted(SECRET));
    assertThat(kept)
        .isEqualTo(
            """
            "server" {
              "trust_domain" = "example.org"
              "port" = "1"
            }
            "unread" {
              "trust_domain" = "example.org"
            }
            """);
    assertThat(kept(kept)).as("once more").isEqualTo(kept);
  }

  @Test
  void jsonStaysKnownAsJson() {
    String kept =
        kept(
            "{\"agent\":{\"trust_domain\":\"example.org\",\"join_token\":\"x\"},\"plugins\":"
                + "{\"KeyManager\":[{\"memory\":{\"plugin_data\":null}}],\"NodeAttestor\":[{\"k8s_psat\":"
                + "{\"plugin_data\":{\"cluster\":\"a\"}}}]}}");
    assertThat(kept).startsWith("{").doesNotContain("join_token");
    assertThat(new SpireConfig(kept).cluster()).contains("a");
    assertThat(new SpireConfig(kept).has("plugins", "KeyManager", "memory", "plugin_data"))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"experimental { sigstore { rekor_url = \"x\" } }", "sigstore {}"})
  void thatSignaturesAreVerifiedStaysKnown(String block) {
    String kept = kept("plugins { WorkloadAttestor \"k8s\" { plugin_data { " + block + " } } }");
    String[] old = {
      "plugins", "WorkloadAttestor", "k8s", "plugin_data", "experimental", "sigstore"
    };
    String[] now = {"plugins", "WorkloadAttestor", "k8s", "plugin_data", "sigstore"};
    SpireConfig config = new SpireConfig(kept);
    assertThat(config.has(block.startsWith("experimental") ? old : now)).as(kept).isTrue();
    assertThat(kept).doesNotContain("rekor");
  }

  @Test
  void valuesOfTheEnvironmentStayUnknown() {
    SpireConfig config = new SpireConfig(kept("agent { trust_domain = \"${TD}\" }"));
    assertThat(config.has("agent", "trust_domain")).isTrue();
    assertThat(config.trustDomain()).isEmpty();
  }

  @Test
  void theControllersSettingsAreKept() {
    String kept =
        kept(
            """
            apiVersion: spire.spiffe.io/v1alpha1
            kind: ControllerManagerConfig
            metadata:
              annotations: { note: hunter2 }
            className: "demo" # hunter2
            entryIDPrefix: x
            ignoreNamespaces:
              - kube-system
              - "apps-.*"
            password: hunter2
            """);
    assertThat(kept)
        .isEqualTo(
            """
            apiVersion: spire.spiffe.io/v1alpha1
            kind: ControllerManagerConfig
            className: "demo"
            entryIDPrefix: x
            ignoreNamespaces:
              - kube-system
              - "apps-.*"
            """);
  }

  @Test
  void otherFilesAreOnlyKnownToBeThere() {
    assertThat(kept("-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n"))
        .isEqualTo("-----BEGIN CERTIFICATE-----");
    assertThat(kept("anything: else")).isEqualTo(Redaction.HIDDEN);
    assertThat(kept(" \n")).isEmpty();
  }

  /** Who reads another setting adds it to the gate, or never sees it. */
  @Test
  void everySettingThatIsReadIsKept() throws IOException {
    Pattern read =
        Pattern.compile(
            "(?:config\\(\\)|config|server)\\s*\\.(?:value|values|has)\\(\\s*([^;]*?)\\)");
    Pattern word = Pattern.compile("\"([a-z0-9_]+)\"\\s*$");
    Set<String> missing = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        Matcher matcher = read.matcher(Files.readString(file));
        while (matcher.find()) {
          Matcher last = word.matcher(matcher.group(1));
          if (last.find()
              && !SpireSettings.SETTINGS.contains(last.group(1))
              && !SpireSettings.BLOCKS.contains(last.group(1))
              && !Set.of("docker", "k8s", "k8sbundle", "unix").contains(last.group(1))) {
            missing.add(file.getFileName() + ": " + last.group(1));
          }
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\n", "{", "[", "\"", "a = ", "a {", "${", "<<E\n", "kind: x\n", "- \n", "'"})
  void theTimeIsLinear(String part) {
    String text = part.repeat(256 * 1024 / part.length());
    Assertions.assertTimeout(
        Duration.ofSeconds(15),
        () -> {
          kept(text);
          kept("ControllerManagerConfig\nignoreNamespaces: [" + text);
          ConnectionString.withoutCredentials(text);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host=db user=spire password='a@hunter/2' dbname=x",
        "host=db password=a@hunter/2 dbname=x",
        "host=db password='a@tcp(hunter)/2'",
        "postgres://db/spire?password=a@hunter/2",
        "postgres://spire:a@hunter/2@db/spire",
        "mysql://spire:x@db/spire?password=a@hunter/2",
        "spire:a@hunter/2@/spire",
        "spire:a@hunter/2",
        "{\"a\":1,\"token\":\"x@hunter/2\"}",
        "{\"a\":1,\"token\":\"x@/hunter2\"}",
        "msg=\"{\\\"token\\\":\\\"x@tcp(hunter)/2\\\"}\"",
        "spire:x@tcp(db:3306)/spire?password=a@hunter/2"
      })
  void whatIsLikeAPlaceInAPasswordStaysOutside(String text) {
    assertThat(ConnectionString.withoutCredentials(text)).doesNotContain("hunter");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "postgres://spire:x@db:5432/spire?sslmode=disable | postgres://db:5432/spire",
        "postgres://db/spire | postgres://db/spire",
        "host=db user=spire password='x y' dbname=spire | host=db dbname=spire",
        "spire:a@b@tcp(db:3306)/spire?parseTime=true | tcp(db:3306)/spire",
        "memdb?mode=memory&cache=shared | :memory:",
        "file:x?cache=shared&mode=memory | :memory:",
        "spire:x@/spire | /spire",
        "tcp(db:3306)/spire | tcp(db:3306)/spire",
        "/run/spire/data/datastore.sqlite3 | /run/spire/data/datastore.sqlite3"
      })
  void theDatabaseOfAConnectionIsKept(String text, String kept) {
    assertThat(ConnectionString.withoutCredentials(text)).isEqualTo(kept);
  }
}
