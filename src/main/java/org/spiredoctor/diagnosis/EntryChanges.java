package org.spiredoctor.diagnosis;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.Workloads;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryImpact;
import org.spiredoctor.identity.EntryImpact.Share;
import org.spiredoctor.identity.EntryImpacts;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.Visibility;
import org.spiredoctor.kube.Pod;

/** What is known of changes of one SPIRE's entries before they are made. */
final class EntryChanges {
  private final ClusterEvidence evidence;
  private final InstallationCase home;
  private final Optional<Entry> alias;
  private final Map<List<Object>, Optional<EntryImpact>> together = new HashMap<>();
  private @Nullable Map<String, List<Entry>> bySpiffeId;
  private @Nullable Set<String> namedPods;

  /**
   * @param alias a node alias that is created before
   */
  EntryChanges(ClusterEvidence evidence, InstallationCase home, Optional<Entry> alias) {
    this.evidence = evidence;
    this.home = home;
    this.alias = alias;
  }

  /** The same once a node alias has been created. */
  EntryChanges after(Entry created) {
    return new EntryChanges(evidence, home, Optional.of(created));
  }

  /** What a change does; absent where the pods or the entries were not seen. */
  Optional<EntryImpact> impact(Optional<Entry> before, Entry after) {
    return alias.isEmpty()
        ? home.impacts().map(all -> all.of(before, Optional.of(after)))
        : together.computeIfAbsent(
            List.of(before, after),
            _ -> home.impacts().map(all -> together(all, alias.get(), before, after)));
  }

  private static EntryImpact together(
      EntryImpacts all, Entry alias, Optional<Entry> before, Entry after) {
    return all.plan(before.stream().toList(), List.of(alias, after)).of(before, Optional.of(after));
  }

  /** All entries of a SPIFFE ID. */
  List<Entry> there(String spiffeId) {
    if (bySpiffeId == null) {
      bySpiffeId = home.entries().stream().collect(Collectors.groupingBy(Entry::spiffeId));
    }
    return bySpiffeId.getOrDefault(spiffeId, List.of());
  }

  /** Why a change is not offered: see {@link FixPolicy#refusal}. */
  Optional<String> refusal(Optional<Entry> model, Entry after) {
    // A server takes its caller for an admin by the SPIFFE ID, whichever entry granted it.
    return there(after.spiffeId()).stream().anyMatch(Entry::privileged)
        ? Optional.of("its SPIFFE ID is that of an admin or downstream entry")
        : FixPolicy.refusal(model, after, this::isSeen);
  }

  private boolean isSeen(Selector selector) {
    return home.selectors().computes(selector)
        && home.selectors().attestors().of(selector) == Visibility.SEEN;
  }

  /** Whether the user named the SPIFFE ID, and every pod that gains by a change. */
  boolean named(Optional<Entry> before, Entry after) {
    return !(evidence.query().pods() instanceof ClusterQuery.Pods.WithSocket)
        && evidence.query().spiffeId().filter(after.spiffeId()::equals).isPresent()
        && impact(before, after)
            .filter(impact -> impact.losses().isEmpty())
            .filter(this::isForNamed)
            .isPresent();
  }

  /** Whether the user asked about all pods, or about every pod that gains by a change. */
  boolean asked(Optional<Entry> before, Entry after) {
    return evidence.query().pods().equals(new ClusterQuery.Pods.WithSocket(Optional.empty()))
        || impact(before, after).filter(this::isForNamed).isPresent();
  }

  private boolean isForNamed(EntryImpact impact) {
    return namedPods().containsAll(impact.gains().stream().map(Share::pod).toList());
  }

  /** The pods that were asked for, and those that the same owner made. */
  private Set<String> namedPods() {
    if (namedPods == null) {
      List<Pod> asked = Workloads.asked(evidence);
      Set<String> owners = new HashSet<>();
      asked.forEach(pod -> owners.add(Made.owner(pod)));
      Set<String> names = new HashSet<>();
      evidence.pods().seen().orElse(List.of()).stream()
          .filter(pod -> owners.contains(Made.owner(pod)))
          .forEach(pod -> names.add(pod.inWords()));
      namedPods = names;
    }
    return namedPods;
  }
}
