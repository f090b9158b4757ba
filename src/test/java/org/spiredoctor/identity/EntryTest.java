package org.spiredoctor.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However an entry is held, it is what it was made of. */
class EntryTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "web",
        "2f0c1c3e-8a52-4c1d-9d3b-0a4b8c1d2e3f",
        "2F0C1C3E-8A52-4C1D-9D3B-0A4B8C1D2E3F",
        "2f0c1c3e-8a52-4c1d-9d3b-0a4b8c1d2e3g",
        "2f0c1c3e-8a52-4c1d-9d3b0a4b8c1d2e3f-",
        "demo.2f0c1c3e-8a52-4c1d-9d3b-0a4b8c1d2e3f",
        "1-1-1-1-1",
        "00000000-1----------------------0001"
      })
  void itsIdIsWhatItWas(String id) {
    assertThat(FullEntry.unnamed().named(id, "").id()).isEqualTo(id);
  }

  @Test
  void everyFieldIsHeld() {
    Entry entry = FullEntry.unnamed();
    assertThat(entry.expiresAt()).contains(Instant.parse("2033-01-01T00:00:00Z"));
    assertThat(entry.createdAt()).isEmpty();
    assertThat(entry.selectors())
        .isEqualTo(Set.of(Selector.k8s("ns:apps"), Selector.k8s("pod-label:app:web")))
        .hasSameHashCodeAs(Set.of(Selector.k8s("ns:apps"), Selector.k8s("pod-label:app:web")));
    assertThat(entry).isEqualTo(FullEntry.unnamed()).hasSameHashCodeAs(FullEntry.unnamed());
    assertThat(
            List.of(
                entry.moved("spiffe://example.org/other", entry.selectors()),
                entry.moved(entry.parentId(), Set.of(Selector.k8s("ns:apps"))),
                entry.federatingWith(List.of()),
                entry.withoutEnd(),
                entry.unstored(),
                entry.named("web", entry.hint()),
                entry.named("", "other")))
        .doesNotContain(entry)
        .doesNotHaveDuplicates();
  }

  @Test
  void manySelectorsAreHeldInTheirOrder() {
    for (int count : new int[] {0, 1, 7, 8, 300}) {
      Set<Selector> selectors =
          IntStream.range(0, count)
              .mapToObj(i -> Selector.k8s("x:" + i))
              .collect(Collectors.toCollection(LinkedHashSet::new));
      Entry entry = Entry.of("spiffe://example.org/web", "spiffe://example.org/agent", selectors);
      assertThat(entry.selectors()).containsExactlyElementsOf(selectors).isEqualTo(selectors);
      assertThat(selectors).isEqualTo(entry.selectors());
      selectors.add(Selector.k8s("more"));
      assertThat(entry.selectors()).hasSize(count).doesNotContain(Selector.k8s("more"));
    }
  }

  @Test
  void itExpiresOnTheSecond() {
    Instant end = Instant.parse("2033-01-01T00:00:00Z");
    assertThat(FullEntry.unnamed().expiredAt(end)).isTrue();
    assertThat(FullEntry.unnamed().expiredAt(end.minusNanos(1))).isFalse();
    assertThat(FullEntry.unnamed().withoutEnd().expiredAt(Instant.MAX)).isFalse();
    assertThat(FullEntry.unnamed().withoutEnd().expiresAt()).isEqualTo(Optional.empty());
  }
}
