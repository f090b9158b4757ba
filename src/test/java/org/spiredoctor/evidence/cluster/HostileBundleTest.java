package org.spiredoctor.evidence.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spiredoctor.evidence.cluster.Bundles.read;
import static org.spiredoctor.evidence.cluster.Bundles.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.kube.Kind;

/** Files that are not as they were written. */
class HostileBundleTest {
  private static final String BUNDLE =
      "{\"kind\":\"EvidenceBundle\",\"apiVersion\":\"spiredoctor.org/v1\"";

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
}
