package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.identity.Entry;

/** Denied at first, served some seconds later: the entry was on its way. */
@AutoService(Rule.class)
public final class EntryNotPropagatedYet implements Rule {
  /** The server's cache and the agent's question take 5 s each; 8.2 s were seen. */
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(15);

  @Override
  public Outcome examine(Evidence evidence) {
    Duration denied = Denied.before(evidence);
    if (denied.isZero() || denied.compareTo(Denied.SYNC_TAKES_AT_MOST) > 0) {
      return new Outcome.NotApplicable("not denied first and served then");
    }
    return Finding.warning(this, evidence)
        .seen("agent", "no identity for " + denied.toSeconds() + " s, then one")
        .remedy(
            new Remedy.Advice(
                "Nothing is broken; where it matters, wait for the identity (wait --for identity)"
                    + " before the application starts"))
        .found("The identity came only after a while: the entry had not reached the agent yet");
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return ServedPods.examine(
        cluster,
        one ->
            one.entryMatch().entries().stream()
                .allMatch(entry -> isNew(entry, cluster.evidence().at())),
        this::finding);
  }

  /** Whether it was made just now; a server's clock may go a little wrong. */
  private static boolean isNew(Entry entry, Instant now) {
    return entry
        .createdAt()
        .filter(made -> Duration.between(made, now).abs().compareTo(ON_ITS_WAY) < 0)
        .isPresent();
  }

  private Outcome finding(PodEntryMatch one, PodGroup group) {
    Finding.Builder finding = group.warning(this);
    one.entryMatch()
        .entries()
        .forEach(
            entry ->
                finding.seen(
                    entry.inWords(),
                    entry.createdAt().map(made -> "created " + made).orElse("new")));
    return finding
        .confidence(Finding.Confidence.POSSIBLE)
        .remedy(new Remedy.Advice("Wait 15 s and check again"))
        .found("The entry for the pod is so new that the agent may not have it yet");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ENTRY_NOT_SETTLED, Effect.WORKLOAD_API_FAILS);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.ENTRY_NOT_SETTLED);
  }
}
