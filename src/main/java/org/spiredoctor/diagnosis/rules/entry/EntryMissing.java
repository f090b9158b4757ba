package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.EntryMatch;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.kube.Pod;

/** No entry was made for a pod. */
@AutoService(Rule.class)
public final class EntryMissing implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return EntryRuleSupport.examine(
        this, cluster, EntryMatch.Kind.MISSING, (one, finding) -> finish(cluster, one, finding));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ENTRY_NOT_SERVED);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.ENTRY_ABSENT, Effect.ENTRY_NOT_DERIVED);
  }

  private static Outcome finish(ClusterCase cluster, PodEntryMatch one, Finding.Builder finding) {
    Pod pod = one.pod();
    Set<Selector> selectors = EntryRuleSupport.telling(pod);
    finding
        .seen(
            "pod " + pod.inWords(),
            selectors.stream().map(Selector::toString).collect(Collectors.joining(", ")))
        .seen("entries", "none of " + one.home().entries().size() + " matches, and none is near");
    Optional<EntryElsewhere> elsewhere = EntryElsewhere.of(cluster, one);
    if (elsewhere.filter(found -> found.isCopied(one)).isEmpty()) {
      create(one, finding);
    }
    elsewhere.ifPresent(found -> found.quote(one, finding));
    one.home().matchingElsewhere(one.entryMatch().selectors()).stream()
        .filter(entry -> elsewhere.filter(found -> found.entry().equals(entry)).isEmpty())
        .forEach(entry -> finding.seen(entry.inWords(), "serves agents of another cluster"));
    return finding.found(
        EntryRuleSupport.noEntryMatches(
                one,
                elsewhere
                    .filter(found -> found.server().equals(one.home()))
                    .map(_ -> " for agents of this cluster")
                    .orElse(""))
            + (cluster.servedInstead(pod).isPresent() ? "" : ", so it has no identity")
            + elsewhere.map(found -> found.why(one)).orElse(""));
  }

  /** A server refuses entries of another trust domain than its own. */
  private static void create(PodEntryMatch one, Finding.Builder finding) {
    Optional<String> foreign =
        one.home()
            .query()
            .spiffeId()
            .filter(
                id ->
                    one.home()
                        .installation()
                        .trustDomain()
                        .filter(its -> !its.equals(SpiffeIds.trustDomain(id)))
                        .isPresent());
    if (foreign.isEmpty()) {
      EntryRuleSupport.own("Create an entry for the pod", one, finding);
      return;
    }
    finding.remedy(
        new Remedy.Advice(
            "Give the pod the socket of agents of the trust domain "
                + SpiffeIds.trustDomain(foreign.get())
                + ", or correct the SPIFFE ID that is expected"));
  }
}
