package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.Entry;

/** A workload matches several entries of one hint, and is served only one of them. */
@AutoService(Rule.class)
public final class EntryHintDuplicate implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return ServedPods.examine(cluster, one -> !sameHint(one).isEmpty(), this::finding);
  }

  /** The entries of the first hint that several identities have; none when each has its own. */
  private static List<Entry> sameHint(PodEntryMatch one) {
    Map<String, List<Entry>> byHint =
        one.entryMatch().entries().stream()
            .filter(entry -> !entry.hint().isEmpty())
            .collect(Collectors.groupingBy(Entry::hint, LinkedHashMap::new, Collectors.toList()));
    return byHint.values().stream()
        .filter(same -> same.stream().map(Entry::spiffeId).distinct().count() > 1)
        .findFirst()
        .orElse(List.of());
  }

  private Outcome finding(PodEntryMatch one, PodGroup group) {
    List<Entry> same = sameHint(one);
    Finding.Builder finding = group.warning(this);
    same.forEach(entry -> finding.seen(entry.inWords(), "hint " + entry.hint()));
    // Without a hint all are served.
    same.stream()
        .skip(1)
        .map(
            entry ->
                one.home()
                    .commands()
                    .update(
                        "Take the hint from the entry for " + entry.spiffeId(),
                        entry,
                        entry.named(entry.id(), "")))
        .forEach(finding::remedy);
    return finding
        .remedy(
            new Remedy.Advice(
                "Or give each of these entries a hint of its own, or selectors that exclude the"
                    + " others"))
        .found(
            same.size()
                + " entries with the hint "
                + same.getFirst().hint()
                + " fit container "
                + one.container().name()
                + ", and the agent serves only one of them");
  }
}
