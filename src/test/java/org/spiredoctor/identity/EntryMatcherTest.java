package org.spiredoctor.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.identity.Some.AGENT;
import static org.spiredoctor.identity.Some.SERVER;
import static org.spiredoctor.identity.Some.child;
import static org.spiredoctor.identity.Some.entry;
import static org.spiredoctor.identity.Some.selectors;

import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.identity.Difference.Likeness;
import org.spiredoctor.identity.EntryMatch.Kind;

/** Each kind of match. */
class EntryMatcherTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Agent HERE = Some.agent(AGENT, selectors("k8s_psat:cluster:demo"));
  private static final Set<Selector> WEB =
      selectors(
          "k8s:ns:shop",
          "k8s:sa:storefront",
          "k8s:pod-label:app:storefront",
          "k8s:container-name:app",
          "k8s:container-image:registry.test/web:1",
          "k8s:container-image:registry.test/web@sha256:aa",
          "k8s:pod-image:registry.test/web:1",
          "k8s:pod-image:registry.test/web@sha256:aa",
          "k8s:pod-image-count:1",
          "k8s:pod-init-image-count:0");
  private static final Set<Kind> SEEN = EnumSet.noneOf(Kind.class);

  private static EntryMatch entryMatch(
      Predicate<Entry> wanted, Predicate<Entry> taken, Entry... all) {
    return new EntryMatcher(List.of(all), NOW).of(WEB, Candidates.of(List.of(HERE)), wanted, taken);
  }

  private static EntryMatch expect(Kind kind, Entry... all) {
    EntryMatch entryMatch = entryMatch(_ -> true, _ -> false, all);
    assertThat(entryMatch.kind()).as("match with %s", Arrays.toString(all)).isEqualTo(kind);
    SEEN.add(kind);
    return entryMatch;
  }

  @AfterAll
  static void everyKindWasThere() {
    assertThat(SEEN).containsExactlyInAnyOrder(Kind.values());
  }

  private static Entry special(Optional<Instant> expiresAt, boolean storeSvid) {
    Entry plain = entry("special", "k8s:ns:shop");
    return new Entry(
        plain.id(),
        plain.spiffeId(),
        plain.parentId(),
        plain.selectors(),
        expiresAt,
        Optional.empty(),
        false,
        storeSvid,
        "",
        List.of(),
        Entry.Settings.NONE);
  }

  private static Entry below(String parent) {
    return child("web", "spiffe://example.org/web", parent, "k8s:ns:shop", "k8s:sa:storefront");
  }

  @Test
  void whatOnlyTheAgentSeesIsUntold() {
    EntryMatch untold = expect(Kind.UNTOLD, entry("web", "k8s:ns:shop", "unix:uid:1000"));
    assertThat(untold.differences()).hasSize(1);
    assertThat(untold.deniedForSure()).isFalse();
    // It is denied for another reason, whatever its process is like.
    expect(
        Kind.PARENT_ALIAS_MISSING,
        child(
            "web",
            "spiffe://example.org/web",
            "spiffe://example.org/alias",
            "k8s:ns:shop",
            "unix:uid:0"));
    // One that tells of nothing but processes is the last that was meant.
    expect(Kind.UNTOLD, entry("any", "unix:uid:0"));
    expect(
        Kind.SELECTOR_MISMATCH,
        entry("any", "unix:uid:0"),
        entry("web", "k8s:ns:shop", "k8s:sa:storefront", "k8s:pod-label:app:storefornt"));
  }

  private static EntryMatch of(Candidates agents, Entry... all) {
    EntryMatch entryMatch =
        new EntryMatcher(List.of(all), NOW).of(WEB, agents, _ -> true, _ -> false);
    SEEN.add(entryMatch.kind());
    return entryMatch;
  }

  @Test
  void agentUnknown() {
    Agent other = Some.agent(AGENT + "2", selectors("k8s_psat:cluster:demo"));
    Candidates both = Candidates.of(List.of(HERE, other));
    EntryMatch one = of(both, below(AGENT));
    assertThat(one.kind()).isEqualTo(Kind.AGENT_UNKNOWN);
    assertThat(one.served()).isFalse();
    assertThat(one.deniedForSure()).isFalse();
    assertThat(of(both, below(AGENT + "3")).kind()).isEqualTo(Kind.PARENT_UNKNOWN);
    assertThat(of(both, below(AGENT), entry("same", "k8s:ns:shop")).kind())
        .isEqualTo(Kind.AGENT_UNKNOWN);
    Entry same = child("w2", "spiffe://example.org/web", AGENT + "2", "k8s:ns:shop");
    assertThat(of(both, below(AGENT), same).kind()).isEqualTo(Kind.SERVED);
    assertThat(of(new Candidates(List.of(HERE), true, true), below(AGENT)).kind())
        .isEqualTo(Kind.AGENT_UNKNOWN);
  }

  @Test
  void notAttested() {
    EntryMatch entryMatch = of(Candidates.unattested(List.of(HERE)), below(AGENT));
    assertThat(entryMatch.kind()).isEqualTo(Kind.NOT_ATTESTED);
    assertThat(entryMatch.deniedForSure()).isTrue();
  }

  @Test
  void served() {
    Entry one = entry("one", "k8s:ns:shop");
    Entry two = entry("two", "k8s:sa:storefront", "k8s:pod-label:app:storefront");
    EntryMatch entryMatch = expect(Kind.SERVED, one, two, entry("other", "k8s:ns:other"));
    assertThat(entryMatch.served()).isTrue();
    assertThat(entryMatch.entries()).containsExactlyInAnyOrder(one, two);
    // One that is not served does not disturb.
    assertThat(expect(Kind.SERVED, below(AGENT + "2"), one).entries()).containsExactly(one);
  }

  @Test
  void expired() {
    expect(Kind.EXPIRED, special(Optional.of(NOW.minusSeconds(1)), false));
    expect(Kind.EXPIRED, special(Optional.of(NOW), false));
    expect(Kind.SERVED, special(Optional.of(NOW.plusSeconds(1)), false));
  }

  @Test
  void stored() {
    expect(Kind.STORED, special(Optional.empty(), true));
  }

  @Test
  void parentAliasMissing() {
    String alias = "spiffe://example.org/spire-agent";
    expect(Kind.PARENT_ALIAS_MISSING, below(alias));
    expect(
        Kind.PARENT_ALIAS_MISSING,
        below(alias),
        child("alias", alias, SERVER, "k8s_psat:cluster:prod"));
    expect(Kind.SERVED, below(alias), child("alias", alias, SERVER, "k8s_psat:cluster:demo"));
  }

  @Test
  void parentUnknown() {
    expect(Kind.PARENT_UNKNOWN, below(AGENT + "2"));
    expect(Kind.PARENT_UNKNOWN, below(SERVER));
  }

  @Test
  void foreign() {
    expect(Kind.FOREIGN, below("spiffe://other.org/spire-agent"));
    expect(Kind.FOREIGN, below("spiffe://other.org/spire/agent/k8s_psat/demo/1"));
  }

  @Test
  void withoutAnAgentNoParentLeadsAnywhere() {
    assertThat(
            new EntryMatcher(List.of(below(AGENT)), NOW)
                .of(WEB, Candidates.of(List.of()), _ -> true, _ -> false)
                .kind())
        .isEqualTo(Kind.PARENT_UNKNOWN);
  }

  @Test
  void theLikeliestOfThoseThatMatchComesFirst() {
    EntryMatch entryMatch =
        expect(
            Kind.EXPIRED,
            below("spiffe://other.org/x"),
            below("spiffe://example.org/alias"),
            special(Optional.of(NOW), false));
    assertThat(entryMatch.entry().id()).isEqualTo("special");
    assertThat(entryMatch.entries()).hasSize(3);
  }

  @Test
  void containerScoped() {
    expect(Kind.CONTAINER_SCOPED, entry("e", "k8s:ns:shop", "k8s:container-name:sidecar"));
    Entry sidecar =
        entry(
            "e",
            "k8s:ns:shop",
            "k8s:sa:storefront",
            "k8s:container-name:sidecar",
            "k8s:container-image:registry.test/proxy:4");
    // No container of the pod runs its image.
    expect(Kind.SELECTOR_MISMATCH, sidecar);
    Set<Selector> beside = new HashSet<>(WEB);
    beside.add(Selector.parse("k8s:pod-image:registry.test/proxy:4"));
    assertThat(
            new EntryMatcher(List.of(sidecar), NOW)
                .of(beside, Candidates.of(List.of(HERE)), _ -> true, _ -> false)
                .kind())
        .isEqualTo(Kind.CONTAINER_SCOPED);
  }

  @Test
  void imageCountChanged() {
    EntryMatch entryMatch =
        expect(Kind.IMAGE_COUNT_CHANGED, entry("e", "k8s:ns:shop", "k8s:pod-image-count:2"));
    assertThat(entryMatch.differences())
        .extracting(Difference::inWords)
        .containsExactly("k8s:pod-image-count:2, the pod has k8s:pod-image-count:1");
    expect(
        Kind.IMAGE_COUNT_CHANGED,
        entry(
            "e",
            "k8s:ns:shop",
            "k8s:sa:storefront",
            "k8s:pod-image-count:2",
            "k8s:pod-init-image-count:1"));
  }

  @Test
  void imageChanged() {
    expect(Kind.IMAGE_CHANGED, entry("e", "k8s:ns:shop", "k8s:pod-image:registry.test/web:2"));
    expect(Kind.IMAGE_CHANGED, entry("e", "k8s:ns:shop", "k8s:container-image:registry.test/web"));
    expect(
        Kind.IMAGE_CHANGED,
        entry("e", "k8s:ns:shop", "k8s:container-image:registry.test/web:1@sha256:bb"));
    expect(
        Kind.IMAGE_CHANGED,
        entry("e", "k8s:ns:shop", "k8s:pod-image:registry.test/web@sha256:" + "b".repeat(64)));
    // Another image is not another tag.
    expect(
        Kind.SELECTOR_MISMATCH, entry("e", "k8s:ns:shop", "k8s:pod-image:registry.test/billing:1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web:1",
        "registry.tset/web:1",
        "registry.test:5000/web:1",
        "registry.test/team/web:1",
        "other.test/web@sha256:aa"
      })
  void anImageOfTheSameNameElsewhereIsAnotherImage(String image) {
    for (String subject : List.of("pod-image", "container-image", "pod-init-image")) {
      EntryMatch standing =
          expect(
              Kind.SELECTOR_MISMATCH,
              entry("e", "k8s:ns:shop", "k8s:sa:storefront", "k8s:" + subject + ":" + image));
      assertThat(standing.differences())
          .allMatch(Difference::isOtherImage)
          .noneMatch(difference -> difference.likeness() == Likeness.TYPO);
    }
  }

  @Test
  void selectorMismatch() {
    EntryMatch entryMatch =
        expect(Kind.SELECTOR_MISMATCH, entry("e", "k8s:ns:shop", "k8s:sa:storefornt"));
    assertThat(entryMatch.differences())
        .extracting(Difference::inWords)
        .containsExactly("k8s:sa:storefornt, the pod has k8s:sa:storefront");
    expect(Kind.SELECTOR_MISMATCH, entry("e", "k8s:ns:shop", "k8s:sa:billing"));
  }

  @Test
  void missing() {
    EntryMatch entryMatch = expect(Kind.MISSING, entry("e", "k8s:ns:other", "k8s:sa:billing"));
    assertThat(entryMatch.entries()).isEmpty();
    assertThat(entryMatch.selectors()).isEqualTo(WEB);
    expect(Kind.MISSING);
    // A node alias is meant for nobody's pod.
    expect(Kind.MISSING, child("alias", "spiffe://example.org/a", SERVER, "k8s:ns:shpo"));
  }

  @Test
  void onlyWantedEntriesCount() {
    Entry one = entry("one", "k8s:ns:shop");
    assertThat(entryMatch(e -> !e.equals(one), _ -> false, one).kind()).isEqualTo(Kind.MISSING);
    Entry near = entry("near", "k8s:ns:shop", "k8s:sa:storefornt");
    assertThat(entryMatch(e -> !e.equals(near), _ -> false, near).kind()).isEqualTo(Kind.MISSING);
  }

  @Test
  void anEntryThatServesAnotherIsMeantForThatOne() {
    assertThat(entryMatch(_ -> true, _ -> true, entry("e", "k8s:ns:shop", "k8s:sa:billing")).kind())
        .isEqualTo(Kind.MISSING);
    // While a rollout goes on, the old pods are served and the new ones are not.
    for (String changed :
        List.of(
            "k8s:pod-image-count:2",
            "k8s:container-name:sidecar",
            "k8s:pod-image:registry.test/web:2",
            "k8s:pod-label:app:storfront")) {
      assertThat(entryMatch(_ -> true, _ -> true, entry("e", "k8s:ns:shop", changed)).kind())
          .as(changed)
          .isNotEqualTo(Kind.MISSING);
    }
  }

  @Test
  void whatAnAgentServesIsWorkedOutOnce() {
    EntryMatcher matcher = new EntryMatcher(List.of(below(AGENT)), NOW);
    assertThat(matcher.parentsServedBy(HERE)).isSameAs(matcher.parentsServedBy(HERE));
    assertThat(matcher.matching(WEB)).hasSize(1);
  }
}
