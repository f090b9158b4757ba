package org.spiredoctor.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.registration.EntryField.Form;

/** The schema that editors use, and the reader, speak of the same file. */
class RegistrationsSchemaTest {
  private static final Path SCHEMA = Path.of("docs/registrations.schema.json");

  private static List<?> errors(String yaml) throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(SCHEMA), InputFormat.JSON);
    return schema.validate(yaml, InputFormat.YAML);
  }

  private static List<Problem> problems(String yaml) {
    return RegistrationFile.read("web.yaml", yaml).problems();
  }

  @Test
  void theFullExampleIsRight() throws IOException {
    String example = Files.readString(Path.of("src/test/resources/registrations/all-fields.yaml"));
    assertThat(errors(example)).isEmpty();
    assertThat(problems(example)).isEmpty();
    EntryField.names(Form.REGISTRATIONS)
        .forEach(name -> assertThat(example).contains(" " + name + ": "));
  }

  @Test
  void theExampleOfThePageIsRight() throws IOException {
    String page = Files.readString(Path.of("docs/registrations.md"));
    String example = page.split("```yaml\n", 2)[1].split("```", 2)[0];
    assertThat(errors(example)).isEmpty();
    assertThat(problems(example)).isEmpty();
    EntryField.names(Form.REGISTRATIONS)
        .forEach(name -> assertThat(page).contains("\n| `" + name + "` |"));
  }

  @Test
  void itHasEachFieldThatIsRead() throws IOException {
    JsonNode schema = new ObjectMapper().readTree(SCHEMA.toFile());
    List<String> fields = new ArrayList<>();
    schema.at("/$defs/entry/properties").fieldNames().forEachRemaining(fields::add);
    assertThat(fields).containsExactlyElementsOf(EntryField.names(Form.REGISTRATIONS));
    schema
        .at("/$defs/entry/properties")
        .forEach(field -> assertThat(field.path("description").textValue()).isNotBlank());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{spiffeID: 'spiffe://example.org/web', selectors: ['k8s:ns:a'], selector: []}",
        "{spiffeID: 'spiffe://example.org/web', selectors: ['k8s:ns:a'], hints: a}",
        "{selectors: ['k8s:ns:a']}",
        "{spiffeID: 'spiffe://example.org/web'}",
        "{spiffeID: 'spiffe://example.org/web', selectors: []}",
        "{spiffeID: 'spiffe://example.org/web', selectors: 'k8s:ns:a'}",
        "{spiffeID: 'spiffe://example.org/web', selectors: [k8s]}",
        "{spiffeID: 'spiffe://example.org/web', selectors: ['k8s:ns:a', 'k8s:ns:a']}",
        "{spiffeID: 'spiffe://example.org/web', selectors: [{type: k8s, value: 'ns:a'}]}",
        "{spiffeID: 'spiffe://example.org', selectors: ['k8s:ns:a']}",
        "{spiffeID: web, selectors: ['k8s:ns:a']}",
        "{spiffeID: 'spiffe://example.org/web', selectors: ['k8s:ns:a'], parentID: agent}",
        "{spiffeID: 'spiffe://example.org/web', selectors: ['k8s:ns:a'], x509SVIDTTL: 1d}",
        "{spiffeID: 'spiffe://example.org/web', selectors: ['k8s:ns:a'], x509SVIDTTL: ''}",
        "{spiffeID: 'spiffe://example.org/web', selectors: ['k8s:ns:a'], jwtSVIDTTL: -1}",
        "{spiffeID: 'spiffe://example.org/web', selectors: ['k8s:ns:a'], jwtSVIDTTL: 4294967296}",
        "{spiffeID: 'spiffe://example.org/web', selectors: ['k8s:ns:a'], admin: 'true'}",
        "{spiffeID: 'spiffe://example.org/web', selectors: ['k8s:ns:a'], storeSVID: 1}",
        "{spiffeID: 'spiffe://example.org/web', selectors: ['k8s:ns:a'], hint: []}",
        "{spiffeID: 'spiffe://example.org/web', selectors: ['k8s:ns:a'], expiresAt: soon}",
        "{spiffeID: 'spiffe://example.org/web', selectors: ['k8s:ns:a'], dnsNames: [-a]}",
        "{spiffeID: 'spiffe://example.org/web', selectors: ['k8s:ns:a'], federatesWith: [a/b]}",
        "text",
      })
  void whatItRefusesIsNotReadEither(String entry) throws IOException {
    String file = "{apiVersion: spiredoctor.org/v1, kind: Registrations, entries: [" + entry + "]}";
    assertThat(errors(file)).isNotEmpty();
    assertThat(problems(file)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{apiVersion: spiredoctor.org/v1, kind: Registrations}",
        "{apiVersion: spiredoctor.org/v2, kind: Registrations, entries: []}",
        "{apiVersion: spiredoctor.org/v1, kind: Registration, entries: []}",
        "{apiVersion: spiredoctor.org/v1, kind: Registrations, entries: {}}",
        "{apiVersion: spiredoctor.org/v1, kind: Registrations, entries: [], metadata: {}}",
      })
  void aDocumentThatItRefusesIsNotReadEither(String file) throws IOException {
    assertThat(errors(file)).isNotEmpty();
    assertThat(problems(file)).isNotEmpty();
  }
}
