package org.spiredoctor.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.registration.RegistrationFiles.HEAD;
import static org.spiredoctor.registration.RegistrationFiles.WEB;
import static org.spiredoctor.registration.RegistrationFiles.file;
import static org.spiredoctor.registration.RegistrationFiles.problems;
import static org.spiredoctor.registration.RegistrationFiles.read;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.registration.RegistrationFile.Reading;

/** The forms that a registration file may have. */
class RegistrationFileTest {
  private static final Entry ALL =
      new Entry(
          "",
          "spiffe://example.org/web",
          "spiffe://example.org/cluster/demo",
          Set.of(Selector.k8s("ns:apps"), Selector.k8s("sa:web")),
          Optional.of(Instant.parse("2030-01-01T00:00:00Z")),
          Optional.empty(),
          true,
          true,
          "internal",
          List.of("other.org", "third.org"),
          new Entry.Settings(
              true,
              5400,
              300,
              List.of("web.apps.svc", "*.web.apps.svc.cluster.local"),
              true,
              true));

  private static Entry withSettings(Entry e, List<String> federatesWith, Entry.Settings settings) {
    return new Entry(
        e.id(),
        e.spiffeId(),
        e.parentId(),
        e.selectors(),
        e.expiresAt(),
        e.createdAt(),
        e.downstream(),
        e.storeSvid(),
        e.hint(),
        federatesWith,
        settings);
  }

  @Test
  void ourOwnKindHasAllFields() {
    Reading reading = RegistrationFile.read("-", file("all-fields.yaml"));
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.entries())
        .containsExactly(
            new Declared(ALL, true, new Origin("-", 5)),
            new Declared(
                Entry.of(
                    "spiffe://example.org/cron",
                    "spiffe://example.org/spire-agent",
                    Set.of(new Selector("unix", "uid:1000"))),
                false,
                new Origin("-", 20)));
  }

  @Test
  void manifestsHaveAllFieldsOfTheirs() {
    Reading reading = read(file("manifests.yaml"));
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.entries())
        .containsExactly(
            new Declared(
                withSettings(
                        ALL,
                        List.of("other.org"),
                        new Entry.Settings(true, 3600, 300, List.of("web.apps.svc"), false, false))
                    .withoutEnd(),
                true,
                new Origin("web.yaml", 6)),
            new Declared(
                Entry.of(
                    "spiffe://example.org/cron",
                    "spiffe://example.org/spire/server",
                    Set.of(new Selector("unix", "uid:1000"))),
                false,
                new Origin("web.yaml", 26)));
  }

  @Test
  void theJsonOfSpireHasAllFields() {
    Reading reading = read(file("spire.json"));
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.entries())
        .containsExactly(
            new Declared(
                withSettings(
                    ALL,
                    List.of("other.org"),
                    new Entry.Settings(true, 5400, 300, List.of("web.apps.svc"), true, true)),
                true,
                new Origin("web.yaml", 3)),
            new Declared(
                Entry.of(
                    "spiffe://example.org/cron",
                    "spiffe://example.org/spire-agent",
                    Set.of(new Selector("unix", "uid:1000"))),
                false,
                new Origin("web.yaml", 27)));
  }

  static List<List<String>> documents() {
    String accepted =
        "accepted are kind Registrations (apiVersion spiredoctor.org/v1), kind ClusterStaticEntry"
            + " (spire.spiffe.io/v1alpha1), a List of these, and the JSON of"
            + " 'spire-server entry create -data'";
    return List.of(
        List.of(
            "apiVersion: apps/v1\nkind: Deployment",
            "web.yaml:2: kind: 'Deployment' is not read here; " + accepted),
        List.of(
            "kind: ClusterSPIFFEID\napiVersion: spire.spiffe.io/v1alpha1",
            "web.yaml:1: kind: 'ClusterSPIFFEID' is not read here; " + accepted),
        List.of(
            "apiVersion: spiredoctor.org/v1\nkind: Registration",
            "web.yaml:2: kind: 'Registration' is not read here; did you mean 'Registrations'? "
                + accepted),
        List.of("apiVersion: v1", "web.yaml:1: kind: is missing: " + accepted),
        List.of(
            "\nkind: Registrations\nentries: []",
            "web.yaml:2: apiVersion: is missing: write spiredoctor.org/v1"),
        List.of(
            "kind: Registrations\napiVersion: v1",
            "web.yaml:2: apiVersion: 'v1' is not known; write spiredoctor.org/v1"),
        List.of(
            "kind: ClusterStaticEntry\napiVersion: v1",
            "web.yaml:2: apiVersion: 'v1' is not known; write spire.spiffe.io/v1alpha1"),
        List.of(
            "kind: ClusterStaticEntry\napiVersion: spire.spiffe.io/v1alpha1",
            "web.yaml:1: spec: is missing: it holds the entry"),
        List.of(
            "kind: List\napiVersion: v2", "web.yaml:2: apiVersion: 'v2' is not known; write v1"),
        List.of(
            "kind: List\napiVersion: v1\nitems:\n- kind: Pod\n  apiVersion: v1",
            "web.yaml:4: items[0].kind: 'Pod' is not read here; " + accepted),
        List.of(
            "kind: List\napiVersion: v1",
            "web.yaml:1: items: is missing: the manifests; [] for none"),
        List.of(
            HEAD + "entrys: []\nentries: []",
            "web.yaml:3: unknown field 'entrys'; did you mean 'entries'?"),
        List.of(HEAD, "web.yaml:1: entries: is missing: the list of entries; [] for none"),
        List.of("- a", "web.yaml:1: a map of fields is wanted here, not a list"),
        List.of("text", "web.yaml:1: a map of fields is wanted here, not a single value"),
        List.of("a: b", "web.yaml:1: has no apiVersion and kind; " + accepted),
        List.of(
            "entries:\n- spiffeID: spiffe://example.org/web",
            "web.yaml:1: begin it with 'apiVersion: spiredoctor.org/v1' and 'kind: Registrations'"),
        List.of("", "web.yaml: nothing is declared here; write 'entries: []' where that is meant"),
        List.of(
            "# only\n---\n---\n",
            "web.yaml: nothing is declared here; write 'entries: []' where that is meant"),
        List.of(
            "a: b\n\tc: d",
            "web.yaml:2: this is not YAML: found character '\\t(TAB)' that cannot start any token."
                + " (Do not use \\t(TAB) for indentation)"),
        List.of(
            "kind: [\nb: c\n\n}", "web.yaml:4: this is not YAML: expected ',' or ']', but got }"),
        List.of(
            "a:\n  \u0001", "web.yaml:2: this is not YAML: the character U+0001 is none of YAML's"),
        List.of("[".repeat(10_000), "web.yaml: this is not YAML: Nesting Depth exceeded max 50"),
        List.of("a: *b", "web.yaml:1: this is not YAML: found undefined alias b"),
        List.of("? [a]\n: b\nentries: []", "web.yaml:1: the name of a field is a single word"),
        List.of(
            "entries: [{spiffe_id: 'spiffe://a/b', selectors: [{type: 'a:b', value: c}, {type: a},"
                + " 'k8s:ns:apps']}]",
            "web.yaml:1: entries[0].selectors[0]: the type 'a:b' holds a colon, which no type"
                + " does\n"
                + "web.yaml:1: entries[0].selectors[1].value: is missing: a selector has a type and"
                + " a value\n"
                + "web.yaml:1: entries[0].selectors[2]: a map of fields is wanted here, not a"
                + " single value"),
        List.of(
            "entries: [{spiffe_id: 'spiffe://a/b', selectors: [{type: a, valeu: c, value: b}],"
                + " additional_attributes: {jwt: true}, additional_atributes: {}}]",
            "web.yaml:1: entries[0]: unknown field 'additional_atributes'; did you mean"
                + " 'additional_attributes'?\n"
                + "web.yaml:1: entries[0].additional_attributes: unknown field 'jwt'; the fields"
                + " are jwt_svid_include_jti, disable_x509_svid_prefetch\n"
                + "web.yaml:1: entries[0].selectors[0]: unknown field 'valeu'; did you mean"
                + " 'value'?"),
        List.of(
            "kind: ClusterStaticEntry\napiVersion: spire.spiffe.io/v1alpha1\nspec:\n"
                + "  spiffeID: spiffe://a/b\n  selectors: [k8s:ns:a]\n  expiresAt: 1",
            "web.yaml:6: spec: unknown field 'expiresAt'; the fields are spiffeID, parentID,"
                + " selectors, x509SVIDTTL, jwtSVIDTTL, federatesWith, dnsNames, admin, downstream,"
                + " storeSVID, hint\n"
                + "web.yaml:4: spec.parentID: is missing: the SPIFFE ID of an agent or of a node"
                + " alias"));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void aDocumentThatCannotBeReadIsExplained(List<String> document) {
    assertThat(String.join("\n", problems(document.getFirst()))).isEqualTo(document.getLast());
  }

  @Test
  void nothingMayBeMeant() {
    assertThat(problems(HEAD + "entries: []\n")).isEmpty();
    assertThat(problems("{\"entries\": []}")).isEmpty();
    assertThat(problems("{apiVersion: v1, kind: List, items: []}")).isEmpty();
  }

  @Test
  void aListOfSelectorsCanBeShared() {
    Reading reading =
        read(
            WEB.replace("[k8s", "&all [k8s")
                + "  - {spiffeID: 'spiffe://example.org/b', selectors: *all}\n");
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.entries())
        .extracting(d -> d.entry().selectors())
        .containsOnly(Set.of(Selector.k8s("ns:apps")));
  }
}
