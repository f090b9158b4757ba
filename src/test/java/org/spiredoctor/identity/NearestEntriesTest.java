package org.spiredoctor.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.identity.Some.entry;
import static org.spiredoctor.identity.Some.selectors;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.identity.Difference.Likeness;
import org.spiredoctor.identity.NearestEntries.Candidate;

class NearestEntriesTest {
  private static final Set<Selector> WEB =
      selectors(
          "k8s:ns:shop-frontend",
          "k8s:sa:storefront",
          "k8s:pod-label:app:storefront",
          "k8s:pod-label:version:12",
          "k8s:container-name:app",
          "k8s:container-image:registry.test/shop/web:1",
          "k8s:container-image:registry.test/shop/web@sha256:aaaa",
          "k8s:pod-image-count:2");

  private static List<Candidate> near(Entry... entries) {
    return to(WEB, entries);
  }

  private static List<Candidate> to(Set<Selector> workload, Entry... entries) {
    return new NearestEntries(new EntryIndex(List.of(entries)), Attestors.UNKNOWN).to(workload);
  }

  @ParameterizedTest
  @CsvSource({
    "k8s:ns:shop-fronted,        k8s:ns:shop-frontend",
    "k8s:sa:storefornt,          k8s:sa:storefront",
    "k8s:sa:Storefront,          k8s:sa:storefront",
    "k8s:pod-label:app:storfront, k8s:pod-label:app:storefront",
    "k8s:pod-label:ap:storefront, k8s:pod-label:app:storefront",
    "k8s:pod-lable:app:storefront, k8s:pod-label:app:storefront",
    "k8s:pod-label:verison:12,   k8s:pod-label:version:12",
  })
  void aSlipOfThePen(String wanted, String instead) {
    List<Candidate> found = near(entry("e", wanted, "k8s:container-name:app"));
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().onlyTypos()).isTrue();
    assertThat(found.getFirst().differences())
        .containsExactly(
            new Difference(
                Selector.parse(wanted),
                java.util.Optional.of(Selector.parse(instead)),
                Likeness.TYPO));
  }

  @Test
  void aSlipOfThePenIsFoundThoughNothingElseFits() {
    assertThat(near(entry("e", "k8s:ns:shop-fronted"))).hasSize(1);
    assertThat(near(entry("e", "k8s:ns:shop-fronted", "k8s:sa:storefornt"))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "k8s:pod-label:version:13",
    "k8s:pod-image-count:3",
  })
  void numbersThatDifferAreNoSlip(String wanted) {
    List<Candidate> found = near(entry("e", wanted, "k8s:ns:shop-frontend"));
    assertThat(found.getFirst().onlyTypos()).isFalse();
    assertThat(found.getFirst().differences().getFirst().likeness())
        .isEqualTo(Likeness.OTHER_VALUE);
  }

  @Test
  void norAreNamesThatDifferInTheirNumber() {
    Set<Selector> second = selectors("k8s:ns:team-2", "k8s:sa:default", "k8s:pod-name:web-1");
    assertThat(to(second, entry("e", "k8s:ns:team-1"))).isEmpty();
    assertThat(to(second, entry("e", "k8s:ns:team-12"))).isEmpty();
    assertThat(to(second, entry("e", "k8s:pod-name:web-0"))).isEmpty();
    // Forgotten is another thing than different.
    assertThat(to(second, entry("e", "k8s:ns:team2"))).hasSize(1);
  }

  @Test
  void anotherValueHasToBeOutweighed() {
    assertThat(near(entry("e", "k8s:ns:shop-frontend", "k8s:sa:billing"))).hasSize(1);
    assertThat(near(entry("e", "k8s:ns:shop-frontend", "k8s:sa:b", "k8s:pod-label:app:b")))
        .isEmpty();
    assertThat(near(entry("e", "k8s:sa:billing"))).isEmpty();
  }

  @Test
  void whatIsAbsentIsNamedSo() {
    Candidate found =
        near(entry("e", "k8s:ns:shop-frontend", "k8s:pod-label:tier:front")).getFirst();
    assertThat(found.differences())
        .extracting(Difference::likeness)
        .containsExactly(Likeness.ABSENT);
    assertThat(found.differences().getFirst().inWords())
        .isEqualTo("k8s:pod-label:tier:front, the pod has none such");
  }

  @Test
  void ofSeveralImagesTheNearestIsTheOneInPlace() {
    Candidate found =
        NearestEntries.candidate(
            entry("e", "k8s:pod-image:registry.test/shop/web:1-a-long-tag"),
            selectors(
                "k8s:pod-image:registry.test/mesh/proxy:1.29",
                "k8s:pod-image:registry.test/shop/web:2"));
    assertThat(found.differences().getFirst().instead())
        .contains(Selector.parse("k8s:pod-image:registry.test/shop/web:2"));
    // Another tag is nearer than another image, however long the name of its registry is.
    Candidate inFull =
        NearestEntries.candidate(
            entry("e", "k8s:pod-image:web:1"),
            selectors("k8s:pod-image:web2:1", "k8s:pod-image:docker.io/library/web:2"));
    assertThat(inFull.differences().getFirst().instead())
        .contains(Selector.parse("k8s:pod-image:docker.io/library/web:2"));
  }

  @Test
  void theNearestComesFirst() {
    assertThat(
            near(
                entry("other-account", "k8s:ns:shop-frontend", "k8s:sa:billing"),
                entry("absent", "k8s:ns:shop-frontend", "k8s:pod-label:tier:front"),
                entry("two-slips", "k8s:ns:shop-fronted", "k8s:sa:storefornt"),
                entry("slip", "k8s:ns:shop-frontend", "k8s:sa:storefornt"),
                entry(
                    "slip-and-more",
                    "k8s:ns:shop-frontend",
                    "k8s:sa:storefornt",
                    "k8s:container-name:app")))
        .extracting(candidate -> candidate.entry().id())
        .containsExactly("slip-and-more", "slip", "two-slips", "other-account", "absent");
  }

  @Test
  void theLikesOfOneAnotherAreSortedById() {
    assertThat(
            near(
                entry("b", "k8s:ns:shop-fronted"),
                entry("c", "k8s:ns:shop-fronted"),
                entry("a", "k8s:ns:shop-fronted")))
        .extracting(candidate -> candidate.entry().id())
        .containsExactly("a", "b", "c");
  }

  @Test
  void itFindsWhatComparingWithEveryEntryFinds() {
    Random random = new Random(11);
    for (int round = 0; round < 200; round++) {
      List<Entry> entries = new ArrayList<>();
      int count = random.nextInt(60);
      for (int i = 0; i < count; i++) {
        Set<Selector> some = new LinkedHashSet<>(workload(random));
        some.removeIf(_ -> random.nextInt(3) == 0);
        if (!some.isEmpty()) {
          entries.add(entry("e" + i, Some.texts(some)));
        }
      }
      Set<Selector> workload = workload(random);
      assertThat(to(workload, entries.toArray(Entry[]::new)))
          .as("near %s of %s", workload, entries)
          .isEqualTo(
              entries.stream()
                  .map(entry -> NearestEntries.candidate(entry, workload))
                  .filter(
                      c ->
                          c.onlyTypos()
                              || (c.differences().size() <= 2
                                  && c.entry().selectors().size() >= 2 * c.differences().size()))
                  .sorted(
                      Comparator.comparingInt(Candidate::cost).thenComparing(c -> c.entry().id()))
                  .limit(5)
                  .toList());
    }
  }

  private static Set<Selector> workload(Random random) {
    List<String> values =
        List.of(
            "storefront",
            "storefornt",
            "storefrontt",
            "billing",
            "biling",
            "team-1",
            "team-2",
            "x");
    return Stream.of("ns", "sa", "pod-label:app", "pod-label:tier")
        .map(subject -> subject + ":" + values.get(random.nextInt(values.size())))
        .map(Selector::k8s)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  @Test
  void nothingIsNear() {
    assertThat(near()).isEmpty();
    assertThat(near(entry("e", "k8s:ns:monitoring", "k8s:sa:prometheus"))).isEmpty();
    assertThat(near(entry("none"))).isEmpty();
    assertThat(to(Set.of(), entry("e", "k8s:ns:apps"))).isEmpty();
  }

  @Test
  void whatKeepsItAwayCanBeAskedFor() {
    Candidate found = near(entry("e", "k8s:ns:shop-frontend", "k8s:pod-image-count:3")).getFirst();
    assertThat(found.onlyOf(Set.of("k8s:pod-image-count"))).isTrue();
    assertThat(found.onlyOf(Set.of("k8s:ns"))).isFalse();
  }
}
