package org.spiredoctor.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.identity.Some.entry;
import static org.spiredoctor.identity.Some.selectors;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EntryIndexTest {

  @Test
  void itFindsWhatComparingWithEveryEntryFinds() {
    Random random = new Random(20260105);
    for (int round = 0; round < 20; round++) {
      List<Entry> entries = new ArrayList<>();
      int count = random.nextInt(400);
      for (int i = 0; i < count; i++) {
        entries.add(entry("e" + i, Some.texts(Some.random(random, 5))));
      }
      EntryIndex index = new EntryIndex(entries);
      for (int i = 0; i < 300; i++) {
        Set<Selector> workload = Some.random(random, 8);
        assertThat(index.matching(workload))
            .as("entries for %s", workload)
            .doesNotHaveDuplicates()
            .containsExactlyInAnyOrderElementsOf(
                entries.stream()
                    .filter(e -> !e.selectors().isEmpty())
                    .filter(e -> workload.containsAll(e.selectors()))
                    .toList());
      }
    }
  }

  @Test
  void anEntryWithoutSelectorsMatchesNobody() {
    // The server refuses it ("selector list is empty"), and agents file entries by selector.
    EntryIndex index = new EntryIndex(List.of(entry("none")));
    assertThat(index.matching(selectors("k8s:ns:apps"))).isEmpty();
    assertThat(index.matching(Set.of())).isEmpty();
  }

  @Test
  void entriesOfEqualSelectorsAllMatch() {
    Entry one = entry("one", "k8s:ns:apps");
    Entry two = entry("two", "k8s:ns:apps");
    assertThat(new EntryIndex(List.of(one, two)).matching(selectors("k8s:ns:apps", "k8s:sa:a")))
        .containsExactlyInAnyOrder(one, two);
  }

  @Test
  void itKnowsTheEntriesOfASelector() {
    Entry one = entry("one", "k8s:ns:apps");
    Entry two = entry("two", "k8s:ns:apps", "k8s:sa:a");
    EntryIndex index = new EntryIndex(List.of(one, two));
    assertThat(index.having(Selector.parse("k8s:ns:apps"))).containsExactly(one, two);
    assertThat(index.having(Selector.parse("k8s:sa:a"))).containsExactly(two);
    assertThat(index.having(Selector.parse("k8s:sa:b"))).isEmpty();
  }

  @Test
  void ofASelectorThatVeryManyHaveItKnowsNone() {
    List<Entry> many =
        IntStream.range(0, 150)
            .mapToObj(
                i -> entry("entry-" + i, "k8s:ns:apps", "k8s:sa:a" + i / 3, "k8s:x:" + i % 101))
            .toList();
    EntryIndex index = new EntryIndex(many);
    assertThat(index.having(Selector.parse("k8s:ns:apps"))).isEmpty();
    assertThat(index.having(Selector.parse("k8s:sa:a1"))).isEqualTo(many.subList(3, 6));
    assertThat(index.having(Selector.parse("k8s:x:2"))).containsExactly(many.get(2), many.get(103));
    assertThat(index.having(Selector.parse("k8s:x:100"))).containsExactly(many.get(100));
    EntryIndex alike =
        new EntryIndex(
            IntStream.range(0, 150).mapToObj(i -> entry("entry-" + i, "k8s:ns:apps")).toList());
    assertThat(alike.having(Selector.parse("k8s:ns:apps"))).isEmpty();
  }
}
