package org.spiredoctor.spire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.FullEntry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.registration.Declared;
import org.spiredoctor.registration.RegistrationFile;

class EntriesJsonTest {
  @Test
  void everyFieldIsThereAsSpireServerReadsIt() {
    Entry full = FullEntry.unnamed().named("e1", "internal");
    assertThat(new String(EntriesJson.of(List.of(full)), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"entries":[{"entry_id":"e1","spiffe_id":"spiffe://example.org/web",\
            "parent_id":"spiffe://example.org/spire-agent",\
            "selectors":[{"type":"k8s","value":"ns:apps"},\
            {"type":"k8s","value":"pod-label:app:web"}],\
            "x509_svid_ttl":600,"jwt_svid_ttl":300,"federates_with":["other.org","third.org"],\
            "dns_names":["web.apps","web"],"admin":true,"downstream":true,"store_svid":true,\
            "hint":"internal","entryExpiry":1988150400,\
            "additional_attributes":{"jwt_svid_include_jti":true,\
            "disable_x509_svid_prefetch":true}}]}""");
  }

  @Test
  void whatIsWrittenCanBeDeclared() {
    Entry spare =
        Entry.of(
            "spiffe://example.org/a", "spiffe://example.org/b", Set.of(Selector.k8s("ns:\"x\"")));
    List<Entry> entries = List.of(FullEntry.unnamed(), spare);
    RegistrationFile.Reading reading =
        RegistrationFile.read(
            "spire.json", new String(EntriesJson.of(entries), StandardCharsets.UTF_8));
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.entries()).extracting(Declared::entry).isEqualTo(entries);
  }

  @Test
  void idsAreAList() {
    assertThat(new String(EntriesJson.ids(List.of("e1", "e1")), StandardCharsets.UTF_8))
        .isEqualTo("{\"ids\":[\"e1\",\"e1\"]}");
  }
}
