package org.spiredoctor.identity;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.spiredoctor.identity.Nearest.Candidate;
import org.spiredoctor.identity.Standing.Kind;

/** Judges, for one state of a server's entries, what a workload is served by an agent. */
public final class Standings {
  private static final Set<String> CONTAINER = Set.of("k8s:container-name", "k8s:container-image");
  private static final Set<String> COUNTS =
      Set.of("k8s:pod-image-count", "k8s:pod-init-image-count");
  private static final Set<String> IMAGES =
      Set.of("k8s:pod-image", "k8s:pod-init-image", "k8s:container-image");

  private final EntryIndex index;
  private final Nearest nearest;
  private final ParentGraph parents;
  private final Instant at;
  private final List<Selector> ofProcesses;
  private final Map<String, Set<String>> served = new HashMap<>();

  /**
   * @param entries of the server
   * @param at the time for which it is asked
   */
  public Standings(Collection<Entry> entries, Instant at) {
    this.index = new EntryIndex(entries);
    this.nearest = new Nearest(index);
    this.parents = new ParentGraph(entries);
    this.at = at;
    this.ofProcesses = index.selectors().stream().filter(Selector::ofProcess).toList();
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
   * How a workload stands.
   *
   * @param agents any of which may be the one that serves it
   * @param wanted which entries count
   * @param taken whether an entry serves somebody else, and so was not meant for this workload
   */
  public Standing of(
      Set<Selector> selectors,
      Collection<Agent> agents,
      Predicate<Entry> wanted,
      Predicate<Entry> taken) {
    List<Entry> matching = index.matching(selectors).stream().filter(wanted).toList();
    List<Entry> good = matching.stream().filter(e -> obstacle(e, agents) == Kind.SERVED).toList();
    if (!good.isEmpty()) {
      return new Standing(Kind.SERVED, selectors, good, List.of());
    }
    if (!matching.isEmpty()) {
      return judged(matching, selectors, agents);
    }
    List<Entry> perhaps = matchingPerhaps(selectors).stream().filter(wanted).toList();
    List<Entry> likely = perhaps.stream().filter(Standings::tellsOfPods).toList();
    if (!likely.isEmpty()) {
      return judged(likely, selectors, agents);
    }
    return nearest.to(selectors).stream()
        .filter(c -> wanted.test(c.entry()) && !c.entry().forNodes())
        .filter(c -> c.onlyTypos() || kind(c) != Kind.SELECTOR_MISMATCH || !taken.test(c.entry()))
        .findFirst()
        .map(candidate -> near(candidate, selectors))
        .or(() -> perhaps.stream().findFirst().map(_ -> judged(perhaps, selectors, agents)))
        .orElseGet(() -> new Standing(Kind.MISSING, selectors, List.of(), List.of()));
  }

  private Standing judged(List<Entry> matching, Set<Selector> selectors, Collection<Agent> agents) {
    List<Entry> sorted =
        matching.stream().sorted(Comparator.comparing((Entry e) -> obstacle(e, agents))).toList();
    Entry first = sorted.getFirst();
    Kind kind = obstacle(first, agents);
    return new Standing(
        kind == Kind.SERVED ? Kind.UNTOLD : kind,
        selectors,
        sorted,
        Nearest.candidate(first, selectors).differences());
  }

  /** The entries that match, if the workload's process is as they want it. */
  private List<Entry> matchingPerhaps(Set<Selector> selectors) {
    Set<String> told = selectors.stream().map(Selector::subject).collect(Collectors.toSet());
    Set<Selector> perhaps = new HashSet<>(selectors);
    ofProcesses.stream().filter(s -> !told.contains(s.subject())).forEach(perhaps::add);
    return perhaps.size() == selectors.size() ? List.of() : index.matching(perhaps);
  }

  private static boolean tellsOfPods(Entry entry) {
    return entry.selectors().stream().anyMatch(s -> !s.ofProcess());
  }

  private static Standing near(Candidate candidate, Set<Selector> selectors) {
    return new Standing(
        kind(candidate), selectors, List.of(candidate.entry()), candidate.differences());
  }

  private static Kind kind(Candidate candidate) {
    if (candidate.onlyOf(COUNTS)) {
      return Kind.IMAGE_COUNT_CHANGED;
    }
    if (candidate.onlyOf(IMAGES)
        && candidate.differences().stream().allMatch(Standings::sameImage)) {
      return Kind.IMAGE_CHANGED;
    }
    return candidate.onlyOf(CONTAINER) ? Kind.CONTAINER_SCOPED : Kind.SELECTOR_MISMATCH;
  }

  /** Whether two images differ in tag or digest only. */
  private static boolean sameImage(Difference difference) {
    return difference
        .instead()
        .filter(has -> repository(has.object()).equals(repository(difference.wanted().object())))
        .isPresent();
  }

  private static String repository(String image) {
    String name = image.substring(image.lastIndexOf('/') + 1).split("@", 2)[0];
    int tag = name.indexOf(':');
    return tag < 0 ? name : name.substring(0, tag);
  }

  /** What keeps a matching entry from being served by one of these agents. */
  private Kind obstacle(Entry entry, Collection<Agent> agents) {
    if (agents.stream().noneMatch(a -> parentsServedBy(a).contains(entry.parentId()))) {
      boolean foreign =
          !agents.isEmpty()
              && agents.stream()
                  .noneMatch(
                      a ->
                          SpiffeIds.trustDomain(a.id())
                              .equals(SpiffeIds.trustDomain(entry.parentId())));
      if (foreign) {
        return Kind.FOREIGN;
      }
      return entry.forNodes() || SpiffeIds.isAgent(entry.parentId())
          ? Kind.PARENT_UNKNOWN
          : Kind.PARENT_ALIAS_MISSING;
    }
    if (entry.expiredAt(at)) {
      return Kind.EXPIRED;
    }
    return entry.storeSvid() ? Kind.STORED : Kind.SERVED;
  }
}
