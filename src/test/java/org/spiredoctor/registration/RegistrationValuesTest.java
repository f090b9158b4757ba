package org.spiredoctor.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.registration.RegistrationFiles.HEAD;
import static org.spiredoctor.registration.RegistrationFiles.WEB;
import static org.spiredoctor.registration.RegistrationFiles.only;
import static org.spiredoctor.registration.RegistrationFiles.problems;
import static org.spiredoctor.registration.RegistrationFiles.read;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.registration.RegistrationFile.Reading;

/** The values in a registration file, and what is wrong with them. */
class RegistrationValuesTest {
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
}
