package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.identity.Entry;

/** Two entries grant the same identity to the same workloads. */
@AutoService(Rule.class)
public final class EntryDuplicate implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    // Each server by itself: another one may have the same entry.
    return Outcome.ifSeen(
        cluster.evidence().entries(),
        _ ->
            cluster.installations().stream()
                .flatMap(
                    one ->
                        duplicates(one.entries()).stream()
                            .filter(same -> concerns(cluster, same))
                            .map(same -> finding(cluster, one, same)))
                .toList());
  }

  private static List<List<Entry>> duplicates(List<Entry> entries) {
    Map<Entry.Key, List<Entry>> same = new LinkedHashMap<>();
    alike(entries)
        .forEach(entry -> same.computeIfAbsent(entry.key(), _ -> new ArrayList<>()).add(entry));
    return same.values().stream()
        .filter(some -> some.size() > 1)
        .map(EntryDuplicate::oldestFirst)
        .toList();
  }

  /** Those whose keys have a hash in common, in their order: of a million entries few. */
  private static Stream<Entry> alike(List<Entry> entries) {
    long[] hashes = new long[entries.size()];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = (long) entries.get(i).key().hashCode() << Integer.SIZE | i;
    }
    Arrays.sort(hashes);
    return IntStream.range(0, hashes.length)
        .filter(
            i ->
                (i > 0 && hash(hashes[i]) == hash(hashes[i - 1]))
                    || (i + 1 < hashes.length && hash(hashes[i]) == hash(hashes[i + 1])))
        .map(i -> (int) hashes[i])
        .sorted()
        .mapToObj(entries::get);
  }

  private static long hash(long withIndex) {
    return withIndex >> Integer.SIZE;
  }

  private static List<Entry> oldestFirst(List<Entry> entries) {
    return entries.stream()
        .sorted(
            Comparator.comparing((Entry e) -> e.createdAt().orElse(Instant.MAX))
                .thenComparing(Entry::id))
        .toList();
  }

  /** Whoever asks of some pods need not hear of the entries of others. */
  private static boolean concerns(ClusterCase cluster, List<Entry> same) {
    if (cluster.evidence().query().pods()
            instanceof ClusterQuery.Pods.WithSocket(Optional<String> ns)
        && ns.isEmpty()) {
      return true;
    }
    return cluster.entryMatches().seen().orElse(List.of()).stream()
        .map(PodEntryMatch::entryMatch)
        .anyMatch(entryMatch -> entryMatch.entries().contains(same.getFirst()));
  }

  private Outcome finding(ClusterCase cluster, InstallationCase home, List<Entry> same) {
    Entry oldest = same.getFirst();
    Finding.Builder finding =
        cluster.name(
            home,
            Finding.warning(
                this,
                new Subject("Entry", Optional.empty(), oldest.spiffeId()),
                cluster.scope(home)));
    Set<String> settings = new HashSet<>();
    for (Entry entry : same) {
      settings.add(settings(entry));
      finding.seen(
          entry.inWords(),
          entry.createdAt().map(at -> "created " + at + ", ").orElse("") + settings(entry));
    }
    boolean alike = settings.size() == 1;
    for (Entry entry : same.subList(1, same.size())) {
      finding.remedy(
          new Remedy.Command(
              alike
                  ? "Delete the younger one"
                  : "Give the older one the settings that are right, then delete the younger one",
              home.commands().command("entry", "delete", "-entryID", entry.id())));
    }
    return finding.found(
        same.size()
            + " entries grant "
            + oldest.spiffeId()
            + " under the same parent by the same selectors"
            + (alike ? "" : ", and differ in the rest: which of them a client gets is chance"));
  }

  private static String settings(Entry entry) {
    Entry.Settings more = entry.settings();
    return "federatesWith "
        + (entry.federatesWith().isEmpty() ? "none" : String.join(" ", entry.federatesWith()))
        + ", hint "
        + (entry.hint().isEmpty() ? "none" : entry.hint())
        + ", X509-SVID TTL "
        + ttl(more.x509SvidTtl())
        + ", JWT-SVID TTL "
        + ttl(more.jwtSvidTtl())
        + (more.dnsNames().isEmpty() ? "" : ", DNS names " + String.join(" ", more.dnsNames()))
        + (more.admin() ? ", admin" : "")
        + (entry.downstream() ? ", downstream" : "");
  }

  private static String ttl(int seconds) {
    return seconds == 0 ? "default" : seconds + " s";
  }
}
