package org.spiredoctor.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.identity.Some.AGENT;
import static org.spiredoctor.identity.Some.SERVER;
import static org.spiredoctor.identity.Some.child;
import static org.spiredoctor.identity.Some.selectors;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ParentGraphTest {
  private static final String ALIAS = "spiffe://example.org/spire-agent";
  private static final String NODE = "k8s_psat:cluster:demo";
  private static final Agent HERE =
      Some.agent(AGENT, selectors(NODE, "k8s_psat:agent_node_name:node-1"));

  /** Which of the entries are served: as it is for the callers. */
  private static List<String> served(Agent agent, Entry... entries) {
    Set<String> parents = new ParentGraph(List.of(entries)).parentsServedBy(agent);
    return List.of(entries).stream()
        .filter(entry -> parents.contains(entry.parentId()))
        .map(Entry::id)
        .toList();
  }

  @Test
  void anAgentsOwnIdIsAParent() {
    assertThat(new ParentGraph(List.of()).parentsServedBy(HERE)).containsExactly(AGENT);
    assertThat(
            served(
                HERE,
                child("mine", "spiffe://example.org/a", AGENT, "k8s:ns:a"),
                child("other", "spiffe://example.org/b", AGENT + "2", "k8s:ns:a")))
        .containsExactly("mine");
  }

  @Test
  void anAliasMeansTheAgentsThatHaveAllItsSelectors() {
    Entry web = child("web", "spiffe://example.org/web", ALIAS, "k8s:ns:a");
    assertThat(served(HERE, child("alias", ALIAS, SERVER, NODE), web)).containsExactly("web");
    assertThat(served(HERE, child("alias", ALIAS, SERVER, NODE, "k8s_psat:agent_ns:x"), web))
        .isEmpty();
    assertThat(served(HERE, child("alias", ALIAS, SERVER, "k8s_psat:cluster:prod"), web)).isEmpty();
    assertThat(served(HERE, web)).isEmpty();
    // SPIRE finds aliases by their selectors.
    assertThat(served(HERE, child("alias", ALIAS, SERVER), web)).isEmpty();
  }

  @Test
  void entriesLeadDownwards() {
    Entry alias = child("alias", ALIAS, SERVER, NODE);
    Entry middle = child("middle", "spiffe://example.org/middle", ALIAS, "k8s:ns:a");
    Entry low = child("low", "spiffe://example.org/low", middle.spiffeId(), "k8s:ns:b");
    Entry orphan = child("orphan", "spiffe://example.org/o", "spiffe://example.org/no", "k8s:ns:b");
    assertThat(served(HERE, low, orphan, middle, alias)).containsExactly("low", "middle");
    // As `token generate -spiffeID` makes it: an entry below the agent, and no node alias.
    assertThat(served(HERE, child("token", ALIAS, AGENT, "spiffe_id:" + AGENT), middle))
        .containsExactly("token", "middle");
  }

  @Test
  void ringsEnd() {
    Entry one = child("one", "spiffe://example.org/1", "spiffe://example.org/2", "k8s:ns:a");
    Entry two = child("two", "spiffe://example.org/2", "spiffe://example.org/1", "k8s:ns:a");
    Entry self = child("self", "spiffe://example.org/s", "spiffe://example.org/s", "k8s:ns:a");
    assertThat(served(HERE, one, two, self)).isEmpty();
    Entry way = child("way", "spiffe://example.org/1", AGENT, "k8s:ns:a");
    assertThat(served(HERE, one, two, self, way)).containsExactly("one", "two", "way");
  }

  @Test
  void twoAliasesOfOneNameAddUp() {
    Entry wrong = child("wrong", ALIAS, SERVER, "k8s_psat:cluster:prod");
    Entry right = child("right", ALIAS, SERVER, NODE);
    Entry web = child("web", "spiffe://example.org/web", ALIAS, "k8s:ns:a");
    assertThat(served(HERE, wrong, right, right, web, web)).containsExactly("web", "web");
  }

  @Test
  void itAgreesWithATrivialWayOnRandomGraphs() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      List<Entry> entries = new ArrayList<>();
      int count = random.nextInt(40);
      for (int i = 0; i < count; i++) {
        String parent =
            switch (random.nextInt(6)) {
              case 0 -> AGENT;
              case 1, 2 -> SERVER;
              default -> id(random.nextInt(15));
            };
        entries.add(
            child("e" + i, id(random.nextInt(15)), parent, Some.texts(Some.random(random, 3))));
      }
      Agent agent = Some.agent(AGENT, Some.random(random, 6));
      Set<String> naive = naively(entries, agent);
      Set<String> reached = new ParentGraph(entries).parentsServedBy(agent);
      for (Entry entry : entries) {
        assertThat(reached.contains(entry.parentId()))
            .as("%s of %s, for %s", entry, entries, agent)
            .isEqualTo(naive.contains(entry.parentId()));
      }
    }
  }

  private static String id(int number) {
    return "spiffe://example.org/" + number;
  }

  /** Adds whatever follows until nothing does. */
  private static Set<String> naively(List<Entry> entries, Agent agent) {
    Set<String> reached = new HashSet<>(Set.of(agent.id()));
    boolean more = true;
    while (more) {
      more =
          reached.addAll(
              entries.stream()
                  .filter(
                      e ->
                          e.parentId().equals(SERVER)
                              ? !e.selectors().isEmpty()
                                  && agent.selectors().containsAll(e.selectors())
                              : reached.contains(e.parentId()))
                  .map(Entry::spiffeId)
                  .collect(Collectors.toSet()));
    }
    return reached;
  }
}
