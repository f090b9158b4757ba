package org.spiredoctor.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.identity.Some.AGENT;
import static org.spiredoctor.identity.Some.SERVER;
import static org.spiredoctor.identity.Some.child;
import static org.spiredoctor.identity.Some.selectors;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.identity.EntryImpact.Share;
import org.spiredoctor.identity.PodIndex.Attested;

class EntryImpactsTest {
  private static final String ALIAS = "spiffe://example.org/spire-agent";
  private static final String WEB = "spiffe://example.org/web";
  private static final String CLUSTER = "k8s_psat:cluster:demo";
  private static final Agent HERE = Some.agent(AGENT, selectors(CLUSTER, "k8s_psat:node:1"));
  private static final Agent THERE = Some.agent(AGENT + "2", selectors(CLUSTER, "k8s_psat:node:2"));
  private static final Entry NODES = child("nodes", ALIAS, SERVER, CLUSTER);

  private static Attested pod(String name, Agent agent, String... selectors) {
    return new Attested(name, List.of(selectors(selectors)), List.of(agent));
  }

  private static EntryImpacts impacts(List<Entry> entries, Attested... pods) {
    PodIndex index = new PodIndex(List.of(pods), K8sSelectors.USUAL::computes, Optional.empty());
    return new EntryImpacts(entries, index, List.of(HERE, THERE), ClusterScene.NOW);
  }

  @Test
  void anEntryThatIsRefittedGainsAndLosesPods() {
    Entry web = child("web", WEB, ALIAS, "k8s:ns:apps", "k8s:pod-label:app:web");
    EntryImpact impact =
        impacts(
                List.of(NODES, web),
                pod("apps/web-0", HERE, "k8s:ns:apps", "k8s:pod-label:app:web"),
                pod("apps/web-1", THERE, "k8s:ns:apps", "k8s:pod-label:app:web"),
                pod("apps/wbe-0", HERE, "k8s:ns:apps", "k8s:pod-label:app:wbe"))
            .of(
                Optional.of(web),
                Optional.of(web.moved(ALIAS, selectors("k8s:ns:apps", "k8s:pod-label:app:wbe"))));
    assertThat(impact.inWords())
        .containsExactly(
            "Served to 2 pods now, to 1 after: +1 -2",
            "Gains " + WEB + ": apps/wbe-0",
            "Loses " + WEB + ": apps/web-0, apps/web-1");
  }

  @Test
  void whatItsParentLeadsToCounts() {
    Entry web = child("web", WEB, AGENT, "k8s:ns:apps");
    EntryImpacts impacts =
        impacts(
            List.of(NODES, web),
            pod("apps/here", HERE, "k8s:ns:apps"),
            pod("apps/there", THERE, "k8s:ns:apps"));
    EntryImpact wider =
        impacts.of(Optional.of(web), Optional.of(web.moved(ALIAS, web.selectors())));
    assertThat(wider.gains()).containsExactly(new Share("apps/there", WEB));
    assertThat(wider.losses()).isEmpty();
    EntryImpact other =
        impacts.of(Optional.of(web), Optional.of(web.moved(AGENT + "2", web.selectors())));
    assertThat(other.gains()).containsExactly(new Share("apps/there", WEB));
    assertThat(other.losses()).containsExactly(new Share("apps/here", WEB));
    assertThat(impacts.of(Optional.of(web), Optional.empty()).inShort())
        .isEqualTo("Served to 1 pod now, to 0 after: +0 -1");
  }

  @Test
  void anAliasGivesWhatIsBelowIt() {
    Entry mid = child("mid", "spiffe://example.org/mid", ALIAS, "k8s:ns:none");
    Entry below = child("below", "spiffe://example.org/below", mid.spiffeId(), "k8s:ns:apps");
    Entry web = child("web", WEB, ALIAS, "k8s:ns:apps");
    EntryImpact impact =
        impacts(List.of(mid, below, web), pod("apps/a", HERE, "k8s:ns:apps"))
            .of(Optional.empty(), Optional.of(NODES));
    assertThat(impact.before()).isZero();
    assertThat(impact.after()).isEqualTo(1);
    assertThat(impact.gains())
        .containsExactly(
            new Share("apps/a", "spiffe://example.org/below"), new Share("apps/a", WEB));
    assertThat(impact.privileged()).isEmpty();
  }

  @Test
  void anAliasThatGivesAgentsAnAdminEntryIsTold() {
    Entry admin =
        new Entry(
            "admin",
            "spiffe://example.org/admin",
            ALIAS,
            selectors("k8s:ns:none"),
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            "",
            List.of(),
            new Entry.Settings(true, 0, 0, List.of(), false, false));
    EntryImpact impact =
        impacts(List.of(admin), pod("apps/a", HERE, "k8s:ns:apps"))
            .of(Optional.empty(), Optional.of(NODES));
    assertThat(impact.gains()).isEmpty();
    assertThat(impact.privileged()).containsExactly("spiffe://example.org/admin");
  }

  @Test
  void changesThatAreMadeTogetherAreJudgedTogether() {
    Entry web = child("", WEB, ALIAS, "k8s:ns:apps");
    EntryImpacts impacts = impacts(List.of(), pod("apps/a", HERE, "k8s:ns:apps"));
    assertThat(impacts.of(Optional.empty(), Optional.of(web)).after()).isZero();
    EntryImpacts.Plan plan = impacts.plan(List.of(), List.of(NODES, web));
    assertThat(plan.of(Optional.empty(), Optional.of(web)).gains())
        .containsExactly(new Share("apps/a", WEB));
  }

  @Test
  void whatIsNotSeenFromOutsideIsTakenToBeThere() {
    Entry signed =
        child("signed", WEB, AGENT, "k8s:ns:apps", "k8s:image-signature:verified", "unix:uid:7");
    EntryImpact impact =
        impacts(
                List.of(),
                pod("apps/a", HERE, "k8s:ns:apps"),
                pod("apps/b", HERE, "k8s:ns:apps", "unix:uid:8"))
            .of(Optional.empty(), Optional.of(signed));
    assertThat(impact.inWords())
        .containsExactly(
            "Served to at most 0 pods now, to 1 after: +1 -0", "Gains " + WEB + ": apps/a");
  }

  @Test
  void onlyTenNamesAreShown() {
    Attested[] many =
        IntStream.range(10, 35)
            .mapToObj(i -> pod("apps/p" + i, HERE, "k8s:ns:apps"))
            .toArray(Attested[]::new);
    EntryImpact impact =
        impacts(List.of(), many)
            .of(Optional.empty(), Optional.of(child("", WEB, AGENT, "k8s:ns:apps")));
    assertThat(impact.gains()).hasSize(25);
    assertThat(impact.inWords().getLast()).endsWith("apps/p18, apps/p19, and 15 more");
  }

  /** Against every pod and every entry, one by one. */
  @Test
  void isWhatComparingAllWithAllGives() {
    Random random = new Random(7);
    int changed = 0;
    for (int round = 0; round < 3000; round++) {
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        entries.add(entry(random, "e" + i));
      }
      List<Attested> pods = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        pods.add(
            new Attested(
                "p" + i,
                List.of(Some.random(random, 5), Some.random(random, 5)),
                List.of(random.nextBoolean() ? HERE : THERE)));
      }
      Optional<Entry> before =
          random.nextInt(4) == 0 ? Optional.empty() : Optional.of(entries.get(random.nextInt(6)));
      Optional<Entry> after =
          before.isPresent() && random.nextInt(4) == 0
              ? Optional.empty()
              : Optional.of(entry(random, before.map(Entry::id).orElse("e6")));
      EntryImpact impact = impacts(entries, pods.toArray(Attested[]::new)).of(before, after);
      List<Entry> then = new ArrayList<>(entries);
      before.ifPresent(then::remove);
      after.ifPresent(then::add);
      Set<Share> had = shares(entries, pods);
      Set<Share> has = shares(then, pods);
      assertThat(impact.gains())
          .containsExactlyInAnyOrderElementsOf(
              has.stream().filter(share -> !had.contains(share)).toList());
      assertThat(impact.losses())
          .containsExactlyInAnyOrderElementsOf(
              had.stream().filter(share -> !has.contains(share)).toList());
      changed += had.equals(has) ? 0 : 1;
    }
    assertThat(changed).isGreaterThan(500);
  }

  private static Entry entry(Random random, String id) {
    String spiffeId = "spiffe://example.org/" + id;
    if (random.nextInt(3) == 0) {
      return child(id, spiffeId, SERVER, random.nextBoolean() ? CLUSTER : "k8s_psat:node:1");
    }
    int parent = random.nextInt(9);
    return child(
        id,
        spiffeId,
        parent == 7 ? AGENT : parent == 8 ? AGENT + "2" : "spiffe://example.org/e" + parent,
        Stream.concat(
                Stream.of("k8s:ns:n" + random.nextInt(4)),
                Some.random(random, 1).stream().map(Selector::toString))
            .toArray(String[]::new));
  }

  private static Set<Share> shares(List<Entry> entries, List<Attested> pods) {
    ParentGraph graph = new ParentGraph(entries);
    Set<Share> all = new HashSet<>();
    for (Attested pod : pods) {
      for (Entry entry : entries) {
        boolean fits =
            !entry.forNodes()
                && pod.containers().stream().anyMatch(has -> has.containsAll(entry.selectors()));
        if (fits
            && pod.agents().stream()
                .anyMatch(a -> graph.parentsServedBy(a).contains(entry.parentId()))) {
          all.add(new Share(pod.name(), entry.spiffeId()));
        }
      }
    }
    return all;
  }
}
