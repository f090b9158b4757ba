package org.spiredoctor.identity;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.spiredoctor.identity.Difference.Likeness;
import org.spiredoctor.identity.EntryMatch.Kind;
import org.spiredoctor.identity.NearestEntries.Candidate;

/** Judges, for one state of a server's entries, what a workload is served by an agent. */
public final class EntryMatcher {
  private static final Set<String> CONTAINER = Set.of("k8s:container-name", "k8s:container-image");
  private static final Set<String> COUNTS =
      Set.of("k8s:pod-image-count", "k8s:pod-init-image-count");

  private final EntryIndex index;
  private final NearestEntries nearest;
  private final ParentGraph parents;
  private final Instant at;
  private final Perhaps perhaps;
  private final Map<String, Set<String>> served = new HashMap<>();

  /**
   * @param entries of the server
   * @param attestors of the agents
   * @param at the time for which it is asked
   */
  public EntryMatcher(Collection<Entry> entries, Attestors attestors, Instant at) {
    this.index = new EntryIndex(entries);
    Sight sight = new Sight(index, attestors);
    this.nearest = new NearestEntries(index, sight);
    this.perhaps = new Perhaps(index, sight);
    this.parents = new ParentGraph(entries);
    this.at = at;
  }

  /** The same, where the configuration of the agents is not known. */
  public EntryMatcher(Collection<Entry> entries, Instant at) {
    this(entries, Attestors.UNKNOWN, at);
  }

  /** The parents whose entries this agent is given. */
  public Set<String> parentsServedBy(Agent agent) {
    return served.computeIfAbsent(agent.id(), _ -> parents.parentsServedBy(agent));
  }

  /** The entries that match these selectors, whoever may serve them. */
  public List<Entry> matching(Set<Selector> selectors) {
    return index.matching(selectors);
  }

  /**
   * How entries match a workload.
   *
   * @param agents any of which may be the one that serves it
   * @param wanted which entries count
   * @param taken whether an entry serves somebody else, and so was not meant for this workload
   */
  public EntryMatch of(
      Set<Selector> selectors, Candidates agents, Predicate<Entry> wanted, Predicate<Entry> taken) {
    List<Entry> matching = index.matching(selectors).stream().filter(wanted).toList();
    List<Entry> good = matching.stream().filter(e -> obstacle(e, agents) == Kind.SERVED).toList();
    if (!good.isEmpty()) {
      return new EntryMatch(
          sameByAll(good, agents) ? Kind.SERVED : Kind.AGENT_UNKNOWN, selectors, good, List.of());
    }
    if (!matching.isEmpty()) {
      return judged(matching, selectors, agents);
    }
    List<Entry> likely = perhaps.matching(selectors).stream().filter(wanted).toList();
    if (!likely.isEmpty()) {
      return judged(likely, selectors, agents);
    }
    return nearest.to(selectors).stream()
        .filter(c -> wanted.test(c.entry()) && !c.entry().forNodes())
        .filter(
            c ->
                c.onlyTypos()
                    || kind(c, selectors) != Kind.SELECTOR_MISMATCH
                    || !taken.test(c.entry()))
        .findFirst()
        .map(candidate -> near(candidate, selectors))
        .or(() -> hidden(selectors, agents, wanted))
        .orElseGet(() -> new EntryMatch(Kind.MISSING, selectors, List.of(), List.of()));
  }

  private EntryMatch judged(List<Entry> matching, Set<Selector> selectors, Candidates agents) {
    List<Entry> sorted =
        matching.stream().sorted(Comparator.comparing((Entry e) -> obstacle(e, agents))).toList();
    Entry first = sorted.getFirst();
    Kind kind = obstacle(first, agents);
    return new EntryMatch(
        kind == Kind.SERVED ? Kind.UNTOLD : kind,
        selectors,
        sorted,
        nearest.candidateFor(first, selectors).differences());
  }

  /** An entry of which nothing shows is the last that was meant. */
  private Optional<EntryMatch> hidden(
      Set<Selector> selectors, Candidates agents, Predicate<Entry> wanted) {
    return agents.agents().stream()
        .map(agent -> perhaps.hidden(parentsServedBy(agent), selectors))
        .map(some -> some.stream().filter(wanted).toList())
        .filter(some -> !some.isEmpty())
        .findFirst()
        .map(some -> judged(some, selectors, agents));
  }

  private static EntryMatch near(Candidate candidate, Set<Selector> selectors) {
    return new EntryMatch(
        kind(candidate, selectors), selectors, List.of(candidate.entry()), candidate.differences());
  }

  private static Kind kind(Candidate candidate, Set<Selector> selectors) {
    if (candidate.differences().stream().anyMatch(d -> d.likeness() == Likeness.NEVER)
        || candidate.showing().stream().anyMatch(d -> isOfNone(d, selectors))) {
      return Kind.SELECTOR_MISMATCH;
    }
    if (candidate.onlyOf(COUNTS)) {
      return Kind.IMAGE_COUNT_CHANGED;
    }
    if (candidate.onlyOf(ImageSelectors.SUBJECTS)
        && candidate.showing().stream().noneMatch(Difference::isOtherImage)) {
      return Kind.IMAGE_CHANGED;
    }
    return candidate.onlyOf(CONTAINER) ? Kind.CONTAINER_SCOPED : Kind.SELECTOR_MISMATCH;
  }

  /** Whether no container of the pod runs the image that is asked for, nor another tag of it. */
  private static boolean isOfNone(Difference difference, Set<Selector> selectors) {
    String image = difference.wanted().object();
    return difference.isOtherImage()
        && !selectors.contains(Selector.k8s("pod-image:" + image))
        && !selectors.contains(Selector.k8s("pod-init-image:" + image));
  }

  /** What keeps a matching entry from being served by the agent. */
  private Kind obstacle(Entry entry, Candidates candidates) {
    Collection<Agent> agents = candidates.agents();
    if (isForeign(entry, agents)) {
      return Kind.FOREIGN;
    }
    if (agents.stream().noneMatch(a -> leads(entry, a))) {
      return entry.forNodes() || SpiffeIds.isAgent(entry.parentId())
          ? Kind.PARENT_UNKNOWN
          : Kind.PARENT_ALIAS_MISSING;
    }
    if (entry.expiredAt(at)) {
      return Kind.EXPIRED;
    }
    if (entry.storeSvid()) {
      return Kind.STORED;
    }
    return candidates.attested() ? Kind.SERVED : Kind.NOT_ATTESTED;
  }

  private boolean leads(Entry entry, Agent agent) {
    return parentsServedBy(agent).contains(entry.parentId());
  }

  /** A server ignores entries one of whose ids is not of its own trust domain. */
  private static boolean isForeign(Entry entry, Collection<Agent> agents) {
    return !agents.isEmpty()
        && agents.stream()
            .map(agent -> SpiffeIds.trustDomain(agent.id()))
            .noneMatch(
                domain ->
                    SpiffeIds.trustDomain(entry.parentId()).equals(domain)
                        && SpiffeIds.trustDomain(entry.spiffeId()).equals(domain));
  }

  /** Whether the workload gets the same of each agent that may be its own. */
  private boolean sameByAll(List<Entry> good, Candidates candidates) {
    return !candidates.perhapsNone()
        && (candidates.agents().size() == 1
            || candidates.agents().stream().map(agent -> ids(good, agent)).distinct().count() == 1);
  }

  private Set<String> ids(List<Entry> good, Agent agent) {
    return good.stream()
        .filter(entry -> leads(entry, agent))
        .map(Entry::spiffeId)
        .collect(Collectors.toSet());
  }
}
