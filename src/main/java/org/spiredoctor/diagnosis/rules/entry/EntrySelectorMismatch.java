package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.identity.Attestors;
import org.spiredoctor.identity.Difference;
import org.spiredoctor.identity.Difference.Likeness;
import org.spiredoctor.identity.EntryMatch;

/** An entry was meant for a pod, and asks for a selector that the pod does not have. */
@AutoService(Rule.class)
public final class EntrySelectorMismatch implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    List<Outcome> outcomes = new ArrayList<>();
    cluster.entryMatch(EntryMatch.Kind.UNTOLD).stream()
        .map(EntrySelectorMismatch::untold)
        .forEach(outcomes::add);
    outcomes.addAll(
        Rivals.examine(
            this,
            cluster,
            EntryMatch.Kind.SELECTOR_MISMATCH,
            (contested, one, finding) -> finish(cluster.evidence(), contested, one, finding)));
    return List.copyOf(outcomes);
  }

  /** What only the agent sees is neither a match nor a mismatch. */
  private static Outcome untold(PodEntryMatch one) {
    return new Outcome.Unknown(
        "whether container "
            + one.container().name()
            + " of pod "
            + one.pod().inWords()
            + " has "
            + selectors(one, Likeness.HIDDEN)
            + ", as "
            + one.entryMatch().entry().inWords()
            + " requires: only the agent of its node sees that");
  }

  private static String selectors(PodEntryMatch one, Likeness likeness) {
    return one.entryMatch().differences().stream()
        .filter(difference -> difference.likeness() == likeness)
        .map(difference -> difference.wanted().toString())
        .collect(Collectors.joining(" and "));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ENTRY_NOT_SERVED);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.ENTRY_OUTDATED);
  }

  private static Outcome finish(
      ClusterEvidence evidence,
      Optional<String> contested,
      PodEntryMatch one,
      Finding.Builder finding) {
    Set<Likeness> likenesses =
        one.entryMatch().differences().stream()
            .map(Difference::likeness)
            .collect(Collectors.toSet());
    EntryRuleSupport.quote(one, finding);
    return likenesses.contains(Likeness.NEVER)
        ? neverComputed(evidence, one, finding, likenesses)
        : mismatch(one, contested, finding, likenesses);
  }

  private static Outcome mismatch(
      PodEntryMatch one,
      Optional<String> contested,
      Finding.Builder finding,
      Set<Likeness> likenesses) {
    finding.confidence(Rivals.isSlip(one) ? Confidence.LIKELY : Confidence.POSSIBLE);
    EntryRuleSupport.refit("If the pod is right, correct the entry", one, contested, finding);
    if (contested.isEmpty()) {
      finding.remedy(
          new Remedy.Advice(
              "If the entry is right, correct the pod: its label, namespace, service account or"
                  + " image"));
    }
    return finding.found(
        EntryRuleSupport.noEntryMatches(one)
            + "; the nearest, for "
            + one.entryMatch().entry().spiffeId()
            + ", asks for a selector that the pod does not have"
            + hidden(likenesses));
  }

  private static String hidden(Set<Likeness> likenesses) {
    return likenesses.contains(Likeness.HIDDEN)
        ? ", and for one that cannot be seen from outside"
        : "";
  }

  /** Whatever the pod is like, such an entry matches none while the agents stay as they are. */
  private static Outcome neverComputed(
      ClusterEvidence evidence,
      PodEntryMatch one,
      Finding.Builder finding,
      Set<Likeness> likenesses) {
    Attestors attestors = one.home().selectors().attestors();
    for (Difference difference : one.entryMatch().differences()) {
      attestors
          .never(difference.wanted())
          .ifPresent(why -> finding.seen("configuration of the agents", why));
    }
    ContainerSelectors.disabled(one)
        .ifPresentOrElse(
            setting -> setting.remedies(evidence, one).forEach(finding::remedy),
            () ->
                finding.remedy(
                    new Remedy.Advice(
                        "Configure the agents so that they compute "
                            + selectors(one, Likeness.NEVER)
                            + ", or replace it in the entry with selectors that they compute")));
    return finding
        .confidence(
            likenesses.equals(Set.of(Likeness.NEVER)) ? Confidence.CERTAIN : Confidence.POSSIBLE)
        .found(
            EntryRuleSupport.noEntryMatches(one)
                + "; the nearest, for "
                + one.entryMatch().entry().spiffeId()
                + ", asks for a selector that the agents never compute, so it matches no pod"
                + hidden(likenesses));
  }
}
