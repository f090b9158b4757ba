package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.FullEntry;
import org.spiredoctor.identity.Selector;

/** An entry as flags, and as the object that declares it. */
class EntryFormsTest {
  @Test
  void allThatIsNotTheDefaultIsAFlag() {
    assertThat(EntryFlags.update(FullEntry.unnamed().named("e1", "internal")))
        .containsExactly(
            ("entry update -entryID e1 -spiffeID spiffe://example.org/web"
                    + " -parentID spiffe://example.org/spire-agent -selector k8s:ns:apps"
                    + " -selector k8s:pod-label:app:web -federatesWith other.org"
                    + " -federatesWith third.org -dns web.apps -dns web -x509SVIDTTL 600"
                    + " -jwtSVIDTTL 300 -hint internal -admin -downstream -storeSVID"
                    + " -jwtSVIDIncludeJTI -disableX509SVIDPrefetch -entryExpiry 1988150400")
                .split(" ", -1));
  }

  /** Where only one of the two is said, spire-server keeps the other as it is. */
  @Test
  void anUpdateSaysBothAttributesOrNone() {
    Entry entry = FullEntry.unnamed();
    Entry.Settings jti = new Entry.Settings(false, 0, 0, List.of(), true, false);
    Entry.Settings late = new Entry.Settings(false, 0, 0, List.of(), false, true);
    assertThat(EntryFlags.update(with(entry, jti)))
        .contains("-jwtSVIDIncludeJTI", "-disableX509SVIDPrefetch=false");
    assertThat(EntryFlags.update(with(entry, late)))
        .contains("-jwtSVIDIncludeJTI=false", "-disableX509SVIDPrefetch");
    assertThat(EntryFlags.update(with(entry, Entry.Settings.NONE)))
        .noneMatch(word -> word.contains("JTI") || word.contains("Prefetch"));
  }

  private static Entry with(Entry entry, Entry.Settings settings) {
    return new Entry(
        "e1",
        entry.spiffeId(),
        entry.parentId(),
        entry.selectors(),
        entry.expiresAt(),
        entry.createdAt(),
        entry.downstream(),
        entry.storeSvid(),
        entry.hint(),
        entry.federatesWith(),
        settings);
  }

  @Test
  void anAliasIsOfNodes() {
    Entry alias =
        Entry.of(
            "spiffe://example.org/spire-agent",
            "spiffe://example.org/spire/server",
            Set.of(new Selector("k8s_psat", "cluster:demo")));
    assertThat(String.join(" ", EntryFlags.create(alias)))
        .isEqualTo(
            "entry create -node -spiffeID spiffe://example.org/spire-agent"
                + " -selector k8s_psat:cluster:demo");
  }

  @Test
  void anObjectDeclaresWhatItHasFieldsFor() {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.putObject("metadata").put("name", "web");
    object.set("spec", StaticEntry.spec(FullEntry.unnamed()));
    Entry declared = StaticEntry.entry(object);
    Entry full = FullEntry.unnamed();
    assertThat(declared.id()).isEqualTo("web");
    assertThat(declared.named("", declared.hint()))
        .isEqualTo(
            new Entry(
                "",
                full.spiffeId(),
                full.parentId(),
                full.selectors(),
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                full.downstream(),
                full.storeSvid(),
                full.hint(),
                full.federatesWith(),
                new Entry.Settings(
                    true,
                    full.settings().x509SvidTtl(),
                    full.settings().jwtSvidTtl(),
                    full.settings().dnsNames(),
                    false,
                    false)));
    assertThat(StaticEntry.FIELDS).containsAll(fields(object));
  }

  private static Iterable<String> fields(ObjectNode object) {
    return () -> object.path("spec").fieldNames();
  }

  @ParameterizedTest
  @CsvSource({"1h, 3600", "1h30m0s, 5400", "90s, 90", "1.5h, 5400", "1500ms, 1", "'', 0"})
  void durationsAreThoseOfGo(String text, int seconds) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.putObject("spec").put("x509SVIDTTL", text);
    assertThat(StaticEntry.entry(object).settings().x509SvidTtl()).isEqualTo(seconds);
  }
}
