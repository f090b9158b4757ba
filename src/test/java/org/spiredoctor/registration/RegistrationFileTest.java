package org.spiredoctor.registration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.registration.RegistrationFile.Reading;

class RegistrationFileTest {
  private static final Path FILES = Path.of("src/test/resources/registrations");

  private static final String HEAD = "apiVersion: spiredoctor.org/v1\nkind: Registrations\n";

  /** The first entry begins in line 4, and its fields in line 6. */
  private static final String WEB =
      HEAD
          + """
          entries:
            - spiffeID: spiffe://example.org/web
              selectors: [k8s:ns:apps]
          """;

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

  private static String file(String name) {
    try {
      return Files.readString(FILES.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Reading read(String text) {
    return RegistrationFile.read("web.yaml", text);
  }

  private static List<String> problems(String text) {
    return read(text).problems().stream().map(Problem::inWords).toList();
  }

  private static Entry only(String text) {
    Reading reading = read(text);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.entries()).hasSize(1);
    return reading.entries().getFirst().entry();
  }

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

  /** A field, a value that is wrong, and what is said of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          parentID: web | parentID: 'web' is not a SPIFFE ID (spiffe://TRUST-DOMAIN/PATH): Scheme is missing or invalid
          parentID: spiffe://example.org | parentID: 'spiffe://example.org' has no path; a parent is an agent, a node alias, or spiffe://TRUST-DOMAIN/spire/server
          parentID: spiffe://other.org/a | parentID: is of another trust domain (other.org) than spiffeID (example.org); both are of the server's own
          parentID: {} | parentID: a single value is wanted here, not a map
          x509SVIDTTL: -5 | x509SVIDTTL: '-5' is negative; 0, or no value, is the server's default
          x509SVIDTTL: -1h | x509SVIDTTL: '-1h' is negative; 0, or no value, is the server's default
          x509SVIDTTL: 2147483648 | x509SVIDTTL: '2147483648' is longer than SPIRE can hold, 2147483647s
          jwtSVIDTTL: 596524h | jwtSVIDTTL: '596524h' is longer than SPIRE can hold, 2147483647s
          jwtSVIDTTL: 1d | jwtSVIDTTL: '1d' is not a duration; write hours, minutes and seconds, as 90s, 15m or 1h30m, or a whole number of seconds
          jwtSVIDTTL: 1.5 | jwtSVIDTTL: '1.5' is not a duration; write hours, minutes and seconds, as 90s, 15m or 1h30m, or a whole number of seconds
          jwtSVIDTTL: "" | jwtSVIDTTL: '' is not a duration; write hours, minutes and seconds, as 90s, 15m or 1h30m, or a whole number of seconds
          jwtSVIDTTL: [1h] | jwtSVIDTTL: a single value is wanted here, not a list
          federatesWith: other.org | federatesWith: a list is wanted here, not a single value
          federatesWith: [other.org/a] | federatesWith[0]: 'other.org/a' is not a trust domain; write its name alone, as other.org
          federatesWith: [a.org, b!] | federatesWith[1]: 'b!' is not the name of a trust domain: Trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores
          dnsNames: [a..b] | dnsNames[0]: 'a..b' is not a DNS name; each label has 1 to 63 characters
          dnsNames: [a.b.] | dnsNames[0]: 'a.b.' is not a DNS name; SPIRE takes no dot at the end
          dnsNames: ["a.*.b"] | dnsNames[0]: 'a.*.b' is not a DNS name; a wildcard is the first label, as *.example.org
          dnsNames: [-a.b] | dnsNames[0]: '-a.b' is not a DNS name; a label is of letters, digits and hyphens, with no hyphen at its ends
          dnsNames: [a b] | dnsNames[0]: 'a b' is not a DNS name; a label is of letters, digits and hyphens, with no hyphen at its ends
          dnsNames: [xn--ls8h.org] | dnsNames[0]: 'xn--ls8h.org' is not a DNS name; SPIRE takes no internationalized names
          dnsNames: ["*.a.b", x.a.b] | dnsNames: 'x.a.b' is covered by a wildcard of this list; SPIRE takes only one of the two
          admin: yes | admin: 'yes' is neither true nor false; write true or false, without quotation marks
          admin: "true" | admin: 'true' is neither true nor false; write true or false, without quotation marks
          downstream: 1 | downstream: '1' is neither true nor false; write true or false, without quotation marks
          storeSVID: [] | storeSVID: a single value is wanted here, not a list
          hint: {a: b} | hint: a single value is wanted here, not a map
          expiresAt: tomorrow | expiresAt: 'tomorrow' is not a time; write it as 2030-01-01T00:00:00Z, or as seconds since 1970
          expiresAt: 2030-01-01 | expiresAt: '2030-01-01' is not a time; write it as 2030-01-01T00:00:00Z, or as seconds since 1970
          expiresAt: 2030-02-30T00:00:00Z | expiresAt: '2030-02-30T00:00:00Z' is not a time; write it as 2030-01-01T00:00:00Z, or as seconds since 1970
          expiresAt: -1 | expiresAt: '-1' is out of range; a time is between the years 1970 and 9999
          expiresAt: 99999999999999999999 | expiresAt: '99999999999999999999' is out of range; a time is between the years 1970 and 9999
          parentId: spiffe://example.org/a | : unknown field 'parentId'; did you mean 'parentID'?
          federates_with: [a.org] | : unknown field 'federates_with'; did you mean 'federatesWith'?
          selector: [k8s:ns:apps] | : unknown field 'selector'; did you mean 'selectors'?
          ttl: 1h | : unknown field 'ttl'; the fields are spiffeID, parentID, selectors, x509SVIDTTL, jwtSVIDTTL, federatesWith, dnsNames, admin, downstream, storeSVID, hint, expiresAt, jwtSVIDIncludeJTI, disableX509SVIDPrefetch
          <<: {admin: true} | : merge keys (<<) are not read; write the fields out, or share a list with an alias
          spiffeID: spiffe://example.org/b | spiffeID: is given twice, first in line 4
          """)
  void aWrongValueIsNamedWithItsLine(String field, String problem) {
    String dot = problem.startsWith(":") ? "" : ".";
    assertThat(problems(WEB + "    " + field + "\n"))
        .containsExactly("web.yaml:6: entries[0]" + dot + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          x509SVIDTTL: 90s | 90
          x509SVIDTTL: 15m | 900
          x509SVIDTTL: 1h0m0s | 3600
          x509SVIDTTL: 1h30m | 5400
          x509SVIDTTL: 3600 | 3600
          x509SVIDTTL: "3600" | 3600
          x509SVIDTTL: 0 | 0
          x509SVIDTTL: | 0
          x509SVIDTTL: 2147483647 | 2147483647
          """)
  void durationsAreSeconds(String field, int seconds) {
    assertThat(only(WEB + "    " + field + "\n").settings().x509SvidTtl()).isEqualTo(seconds);
  }

  @ParameterizedTest
  @CsvSource({
    "2030-01-01T00:00:00Z,1893456000",
    "2030-01-01T01:00:00+01:00,1893456000",
    "2030-01-01T00:00:00.9Z,1893456000",
    "1893456000,1893456000",
  })
  void timesAreInWholeSeconds(String text, long seconds) {
    assertThat(only(WEB + "    expiresAt: " + text + "\n").expiresAt())
        .contains(Instant.ofEpochSecond(seconds));
  }

  @Test
  void zeroSecondsIsNever() {
    assertThat(only(WEB + "    expiresAt: 0\n").expiresAt()).isEmpty();
  }

  @Test
  void trustDomainsAreNames() {
    assertThat(only(WEB + "    federatesWith: ['spiffe://b.org', a.org, b.org]\n").federatesWith())
        .containsExactly("b.org", "a.org");
  }

  @Test
  void trustDomainsAreInSmallLetters() {
    Entry entry = only(WEB.replace("//example", "//Example"));
    assertThat(entry.spiffeId()).isEqualTo("spiffe://example.org/web");
    assertThat(entry.parentId()).isEqualTo("spiffe://example.org/spire-agent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "Web.Apps", "a_b.c", "1.2", "*.example.org"})
  void dnsNamesThatSpireTakes(String name) {
    assertThat(only(WEB + "    dnsNames: ['" + name + "']\n").settings().dnsNames())
        .containsExactly(name);
  }

  @Test
  void aHintIsNobodyElses() {
    assertThat(read(WEB).entries().getFirst().hinted()).isFalse();
    Declared empty = read(WEB + "    hint: ''\n").entries().getFirst();
    assertThat(empty.hinted()).isTrue();
    assertThat(empty.entry().hint()).isEmpty();
    assertThat(only(WEB + "    hint: 010\n").hint()).isEqualTo("010");
    assertThat(only(WEB + "    hint: " + "é".repeat(512) + "\n").hint()).hasSize(512);
    assertThat(problems(WEB + "    hint: " + "é".repeat(513) + "\n"))
        .containsExactly("web.yaml:6: entries[0].hint: is too long; a hint has at most 1024 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [k8s] | [0]: 'k8s' has no value; a selector is type:value, as k8s:ns:apps
          ["k8s:"] | [0]: 'k8s:' has no value; a selector is type:value, as k8s:ns:apps
          [":ns"] | [0]: ':ns' has no type; a selector is type:value, as k8s:ns:apps
          ["k 8s:ns"] | [0]: there is white space in the type of 'k 8s:ns'; a selector is type:value, as k8s:ns:apps
          [k8s:ns:a, k8s:ns:a] | [1]: 'k8s:ns:a' is given twice, first in line 5
          [{k8s: ns}] | [0]: a map is not a selector; write type:value, with no space after the colon
          [[k8s]] | [0]: a single value is wanted here, not a list
          [] | : an entry has at least one selector, as k8s:ns:apps
          k8s:ns:a | : a list is wanted here, not a single value
          {k8s: ns} | : a list is wanted here, not a map
          """)
  void aWrongSelectorIsNamed(String selectors, String problem) {
    assertThat(problems(WEB.replace("[k8s:ns:apps]", selectors)))
        .containsExactly("web.yaml:5: entries[0].selectors" + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          spiffe://example.org | 'spiffe://example.org' has no path; a workload's is spiffe://TRUST-DOMAIN/PATH
          spiffe://example.org/spire | 'spiffe://example.org/spire' is in /spire, which SPIRE keeps for itself; take another path
          spiffe://example.org/spire/agent/a | 'spiffe://example.org/spire/agent/a' is in /spire, which SPIRE keeps for itself; take another path
          spiffe://example.org/a/ | 'spiffe://example.org/a/' is not a SPIFFE ID (spiffe://TRUST-DOMAIN/PATH): Path cannot have a trailing slash
          true | 'true' is not a SPIFFE ID (spiffe://TRUST-DOMAIN/PATH): Scheme is missing or invalid
          """)
  void aWrongSpiffeIdIsNamed(String id, String problem) {
    assertThat(problems(WEB.replace("spiffe://example.org/web", id)))
        .containsExactly("web.yaml:4: entries[0].spiffeID: " + problem);
    assertThat(only(WEB.replace("org/web", "org/spirex")).spiffeId())
        .isEqualTo("spiffe://example.org/spirex");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThat(problems(HEAD + "entries:\n  - spiffeID:\n  - text\n  - {}\n"))
        .containsExactly(
            "web.yaml:4: entries[0].spiffeID: is missing: the SPIFFE ID that the entry grants",
            "web.yaml:4: entries[0].selectors: is missing: at least one selector is needed, as"
                + " k8s:ns:apps",
            "web.yaml:5: entries[1]: a map of fields is wanted here, not a single value",
            "web.yaml:6: entries[2].spiffeID: is missing: the SPIFFE ID that the entry grants",
            "web.yaml:6: entries[2].selectors: is missing: at least one selector is needed, as"
                + " k8s:ns:apps");
  }

  @Test
  void aStoreTakesSelectorsOfOneType() {
    String two = WEB.replace("k8s:ns:apps", "k8s:ns:apps, aws_secretsmanager:secretname:web");
    assertThat(read(two).problems()).isEmpty();
    assertThat(problems(two + "    storeSVID: true\n"))
        .containsExactly(
            "web.yaml:6: entries[0].storeSVID: needs selectors of one type alone, that of the"
                + " store; these are of aws_secretsmanager, k8s");
  }

  @Test
  void nodesDoNotFederate() {
    String node = WEB + "    parentID: spiffe://example.org/spire/server\n";
    assertThat(read(node).problems()).isEmpty();
    assertThat(problems(node + "    federatesWith: [other.org]\n"))
        .containsExactly(
            "web.yaml:7: entries[0].federatesWith: an entry for nodes (its parent is the server)"
                + " cannot federate");
  }

  @Test
  void theSameEntryTwiceIsOneTooMany() {
    Reading reading =
        read(
            WEB
                + "  - spiffeID: spiffe://example.org/web\n"
                + "    selectors: [k8s:ns:apps, k8s:sa:web]\n---\n"
                + WEB.replace("[k8s:ns:apps]", "[k8s:sa:web, k8s:ns:apps]\n    admin: true"));
    assertThat(reading.entries()).hasSize(2);
    assertThat(reading.problems())
        .extracting(Problem::inWords)
        .containsExactly(
            "web.yaml:12: spiffe://example.org/web is declared in line 6 already, with the same"
                + " parentID and the same selectors");
  }

  @Test
  void allThatIsWrongIsSaidAtOnceAndTheRestIsRead() {
    Reading reading =
        read(
            WEB
                + "  - spiffeID: web\n    admin: maybe\n    selectors: [k8s, unix:uid:1]\n"
                + "  - spiffeID: spiffe://example.org/db\n    selectors: [k8s:ns:db]\n---\n"
                + "kind: Deployment\n");
    assertThat(reading.entries())
        .extracting(d -> d.entry().spiffeId())
        .containsExactly("spiffe://example.org/web", "spiffe://example.org/db");
    assertThat(reading.problems())
        .extracting(p -> p.origin().line() + " " + p.field())
        .containsExactly(
            "6 entries[1].spiffeID", "8 entries[1].selectors[0]", "7 entries[1].admin", "12 kind");
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

  @Test
  void anAliasBombDoesNotGoOff() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(30)));
    }
    assertThat(problems(bomb + "entries: *a29\n")).isNotEmpty();
    assertThat(problems(HEAD + "entries: &e [*e, *e]\n")).hasSize(2);
    String names = "[" + "a.b,".repeat(1001) + "]";
    assertThat(problems(WEB + "    dnsNames: " + names + "\n"))
        .containsExactly("web.yaml:6: entries[0].dnsNames: is too long; at most 1000 are read");
  }

  @Test
  void aByteOrderMarkIsNoText() {
    assertThat(only("\uFEFF" + WEB).spiffeId()).isEqualTo("spiffe://example.org/web");
  }

  @Test
  void quotationsAreShort() {
    assertThat(problems(WEB + "    " + "x".repeat(900) + ": a\n    jwtSVIDTTL: " + "y".repeat(900)))
        .hasSize(2)
        .allSatisfy(text -> assertThat(text).hasSizeLessThan(420).contains("…'"));
  }

  @Test
  void tenThousandEntriesAreReadQuickly() {
    StringBuilder many = new StringBuilder(HEAD + "entries:\n");
    for (int i = 0; i < 10_000; i++) {
      many.append("  - spiffeID: spiffe://example.org/web/").append(i).append('\n');
      many.append("    parentID: spiffe://example.org/cluster/demo\n");
      many.append("    selectors: [k8s:ns:apps, k8s:sa:web-").append(i).append("]\n");
      many.append("    x509SVIDTTL: 1h\n    dnsNames: [web.apps.svc]\n");
    }
    long start = System.nanoTime();
    Reading reading = read(many.toString());
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.entries()).hasSize(10_000);
    // About a second; machines that run tests are busy.
    assertThat(took).isLessThan(Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"all-fields.yaml", "manifests.yaml", "spire.json"})
  void mutilatedFilesNeverThrow(String name) {
    String good = file(name);
    Random random = new Random(7);
    for (int round = 0; round < 4000; round++) {
      String text = mutilated(good, random);
      Reading reading = read(text);
      if (reading.entries().isEmpty() && !text.contains("[]")) {
        assertThat(reading.problems()).as(text).isNotEmpty();
      }
      reading.problems().forEach(p -> assertThat(p.text()).as(text).isNotBlank());
    }
  }

  private static String mutilated(String good, Random random) {
    StringBuilder text = new StringBuilder(good);
    String pieces = "\t\n:-[]{}'\"&*!|>%@`#,?\\x0é\uD800\u0000\u0085 ~";
    for (int i = random.nextInt(6); i >= 0; i--) {
      int at = random.nextInt(text.length());
      int other = Math.min(text.length(), at + random.nextInt(30));
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, pieces.charAt(random.nextInt(pieces.length())));
        case 1 -> text.setCharAt(at, pieces.charAt(random.nextInt(pieces.length())));
        case 2 -> text.delete(at, other);
        default -> text.insert(random.nextInt(text.length()), text.substring(at, other));
      }
      if (text.isEmpty()) {
        break;
      }
    }
    return text.toString();
  }
}
