package org.spiredoctor.evidence.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.kube.Kind;

/** Evidence as a file. */
class BundleTest {
  private static final String BUNDLE =
      "{\"kind\":\"EvidenceBundle\",\"apiVersion\":\"spiredoctor.org/v1\"";

  @TempDir private Path directory;

  private static Snapshot read(String text) throws IOException {
    return Bundle.read(new ByteArrayInputStream(text.getBytes(UTF_8)), 1 << 20);
  }

  private static Snapshot again(Snapshot snapshot) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Bundle.write(snapshot, out);
    return Bundle.read(new ByteArrayInputStream(out.toByteArray()), Bundle.LIMIT);
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    for (ClusterScene scene :
        new ClusterScene[] {
          ClusterScene.healthy(),
          ClusterScene.healthy().forbidden(Kind.NODE).agentLog("level=error msg=\"a\\\"b\""),
          ClusterScene.healthy().serverFails(Observed.Reason.FAILED, "no\u0007answer")
        }) {
      Snapshot before = scene.evidence().snapshot();
      assertThat(again(before)).isEqualTo(before);
    }
  }

  @Test
  void whatIsNotInAnOldBundleWasNotAsked() throws IOException {
    Snapshot old =
        Bundle.read(Path.of("src/test/resources/bundles/seed-alias-missing.json.gz"), Bundle.LIMIT);
    Snapshot.ServerAnswers said = old.servers().values().iterator().next();
    assertThat(said.entries().seen()).isPresent();
    assertThat(said.route().inWords()).isEqualTo("spire-server in pod spire-system/spire-server-0");
    assertThat(said.bundle())
        .isInstanceOfSatisfying(
            Observed.Unseen.class,
            unseen -> assertThat(unseen.reason()).isEqualTo(Observed.Reason.NOT_ASKED));
    assertThat(said.federated().missing().orElseThrow()).contains("older spire-doctor");
  }

  @Test
  void whatAServerToldOfFederationIsKept() throws IOException {
    Snapshot healthy = ClusterScene.healthy().evidence().snapshot();
    Snapshot.ServerAnswers said = healthy.servers().values().iterator().next();
    ServerRoute route =
        new ServerRoute(
            ServerRoute.By.NETWORK, "spire:8081", Optional.of("spiffe://example.org/admin"));
    Snapshot.ServerAnswers more =
        new Snapshot.ServerAnswers(
            route,
            said.health(),
            said.agents(),
            said.entries(),
            said.bundle(),
            said.bundle().map(List::of),
            new Observed.Seen<>(
                List.of(
                    new FederationRelationship(
                        "other.org",
                        "https://other.org",
                        FederationRelationship.Profile.HTTPS_SPIFFE,
                        Optional.of("spiffe://other.org/server")),
                    new FederationRelationship(
                        "web.org",
                        "https://web.org",
                        FederationRelationship.Profile.HTTPS_WEB,
                        Optional.empty()))),
            said.version(),
            said.info());
    Snapshot before =
        new Snapshot(
            healthy.at(),
            healthy.cluster(),
            healthy.objects(),
            healthy.configMaps(),
            healthy.logs(),
            Map.of(new Snapshot.Name("", "spire:8081"), more),
            healthy.access());
    assertThat(again(before)).isEqualTo(before);
  }

  @Test
  void whosePodsWereListedIsKept() throws IOException {
    Snapshot before = ClusterScene.healthy().podsOf("apps", "spire-system").evidence().snapshot();
    assertThat(again(before).podNamespaces()).contains(Set.of("apps", "spire-system"));
    assertThat(again(before)).isEqualTo(before);
  }

  @Test
  void onlyItsOwnerMayReadIt() throws IOException {
    Path file = directory.resolve("bundle.json.gz");
    Files.writeString(file, "old");
    Bundle.write(ClusterScene.healthy().evidence().snapshot(), file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Bundle.read(file, Bundle.LIMIT))
        .isEqualTo(ClusterScene.healthy().evidence().snapshot());
  }

  @ParameterizedTest
  @CsvSource({
    "'', not an EvidenceBundle",
    "'{}', not an EvidenceBundle",
    "'{\"kind\":\"EvidenceBundle\",\"apiVersion\":\"spiredoctor.org/v9\"}', spiredoctor.org/v9",
    "'garbage', not the JSON of a bundle",
    "'{\"kind\":', not the JSON of a bundle"
  })
  void whatIsNotABundleIsRefused(String text, String complaint) {
    assertThatThrownBy(
            () -> Bundle.read(new ByteArrayInputStream(text.getBytes(UTF_8)), Bundle.LIMIT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(complaint);
  }

  /** Small ones of many values, which take a hundred times as much in memory. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"objects\":{\"pods\":{\"seen\":[%s]}}",
        "\"configMaps\":[%s]",
        "\"servers\":[%s]",
        "\"servers\":[{\"entries\":{\"seen\":[%s]}}]",
        "\"servers\":[{\"agents\":{\"seen\":[%s]}}]",
        "\"servers\":[{\"federatedBundles\":{\"seen\":[%s]}}]",
        "\"servers\":[{\"health\":[%s]}]",
        "\"servers\":[{\"entries\":{\"seen\":[{\"dns_names\":[%s]}]}}]",
        "\"access\":[%s]",
        "\"at\":[%s]"
      })
  void whatHoldsTooManyValuesIsRefused(String field) {
    String values = "{},".repeat(20_000) + "{}";
    String text = "{\"kind\":\"EvidenceBundle\"," + field.formatted(values) + "}";
    assertThatThrownBy(() -> Bundle.read(new ByteArrayInputStream(text.getBytes(UTF_8)), 1 << 20))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than fits in 1 MiB");
  }

  /** Their JSON would be several times as much. */
  @Test
  void ofEntriesOnlyWhatTheyAreIsHeld() throws IOException {
    String entries =
        IntStream.range(0, 3_000)
            .mapToObj(
                i ->
                    """
                    {"id":"%1$d","spiffe_id":{"trust_domain":"example.org","path":"/web"},\
                    "parent_id":{"trust_domain":"example.org","path":"/agent"},\
                    "selectors":[{"type":"k8s","value":"ns:apps"},\
                    {"type":"k8s","value":"sa:a%1$d"}]}"""
                        .formatted(i))
            .collect(Collectors.joining(","));
    assertThat(server(read(BUNDLE + ",\"servers\":[{\"entries\":{\"seen\":[" + entries + "]}}]}")))
        .extracting(said -> said.entries().seen().orElseThrow().size())
        .isEqualTo(3_000);
  }

  private static Snapshot.ServerAnswers server(Snapshot snapshot) {
    return snapshot.servers().values().iterator().next();
  }

  @Test
  void fieldsAreInAnyOrder() throws IOException {
    Snapshot before =
        ClusterScene.healthy().forbidden(Kind.NODE).controllerManager("").evidence().snapshot();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Bundle.write(before, out);
    ObjectMapper mapper = new ObjectMapper();
    JsonNode bundle =
        mapper.readTree(new GZIPInputStream(new ByteArrayInputStream(out.toByteArray())));
    byte[] turned = mapper.writeValueAsBytes(turned(bundle));
    assertThat(Bundle.read(new ByteArrayInputStream(turned), Bundle.LIMIT)).isEqualTo(before);
  }

  /** The same with the last field of each object first. */
  private static JsonNode turned(JsonNode json) {
    if (json instanceof ArrayNode array) {
      ArrayNode all = array.arrayNode();
      array.forEach(item -> all.add(turned(item)));
      return all;
    }
    if (json instanceof ObjectNode object) {
      ObjectNode all = object.objectNode();
      List.copyOf(object.properties())
          .reversed()
          .forEach(field -> all.set(field.getKey(), turned(field.getValue())));
      return all;
    }
    return json;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'seen':[{'id':'one'},5]} | the bundle is damaged: its type is wrong",
        "{'seen':[[{'id':'one'}],{}]} | the bundle is damaged: its type is wrong",
        "{'seen':{'id':'one'}} | the bundle is damaged: its type is wrong",
        "{'seen':null,'why':'x'} | the bundle is damaged: its type is wrong",
        "{'unseen':'FAILED','asked':'it','why':'boom'} | boom",
        "{'why':'boom','x':[{}],'unseen':'FAILED'} | boom",
        "{'unseen':[],'why':'boom'} | boom",
        "[] | ''",
        "5 | ''",
        "null | ''"
      })
  void aListOfTheWrongTypeWasNotSeen(String entries, String why) throws IOException {
    String text = BUNDLE + ",'servers':[{'entries':" + entries + ",'name':'s'}]}";
    Snapshot snapshot = read(text.replace('\'', '"'));
    assertThat(server(snapshot).entries())
        .isInstanceOfSatisfying(
            Observed.Unseen.class,
            unseen -> {
              assertThat(unseen.reason()).isEqualTo(Observed.Reason.FAILED);
              assertThat(unseen.why()).isEqualTo(why);
            });
    assertThat(snapshot.servers().keySet()).containsExactly(new Snapshot.Name("", "s"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'servers':[],'servers':[]",
        "'objects':{'pods':{'seen':[]},'pods':{'seen':[]}}",
        "'objects':{'pods':{'seen':[],'seen':[]}}",
        "'objects':{'pods':{'seen':[{'a':1,'a':1}]}}",
        "'servers':[{'entries':{},'entries':{}}]",
        "'servers':[{'entries':{'seen':[],'seen':[]}}]",
        "'servers':[{'entries':{'seen':[{'id':'a','id':'b'}]}}]"
      })
  void whatSaysAFieldTwiceIsRefused(String field) {
    assertThatThrownBy(() -> read((BUNDLE + "," + field + "}").replace('\'', '"')))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Duplicate field");
  }

  /** More values than would fit, if any were held. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"x\":%s",
        "\"objects\":{\"x\":{\"seen\":%s}}",
        "\"objects\":{\"pods\":{\"x\":%s}}",
        "\"servers\":[{\"x\":%s}]",
        "\"servers\":[{\"entries\":{\"x\":%s}}]"
      })
  void ofFieldsThatAreNotKnownNothingIsHeld(String field) throws IOException {
    String values = "[" + "{},".repeat(20_000) + "{}]";
    assertThat(read(BUNDLE + "," + field.formatted(values) + "}")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "seed-entry-missing.json.gz, entry-missing",
    "seed-alias-missing.json.gz, entry-parent-alias-missing"
  })
  void recordedClustersAreDiagnosed(String file, String finding) throws IOException {
    Snapshot snapshot = Bundle.read(Path.of("src/test/resources/bundles", file), Bundle.LIMIT);
    ClusterQuery query =
        new ClusterQuery(
            new ClusterQuery.Pods.WithSocket(Optional.empty()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            true,
            false);
    Report report =
        Diagnosis.examine(new ClusterCase(ClusterEvidence.of(snapshot, query)), Rules.all());
    assertThat(report.causes().map(f -> f.id())).containsExactly(finding);
  }
}
