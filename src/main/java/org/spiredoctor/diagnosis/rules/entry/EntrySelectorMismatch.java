package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodStanding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.Difference;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Standing;

/** An entry was meant for a pod, and asks for a selector that the pod does not have. */
@AutoService(Rule.class)
public final class EntrySelectorMismatch implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    List<Outcome> outcomes = new ArrayList<>();
    cluster.standing(Standing.Kind.UNTOLD).stream()
        .map(EntrySelectorMismatch::untold)
        .forEach(outcomes::add);
    outcomes.addAll(
        Unserved.examine(
            this, cluster, Standing.Kind.SELECTOR_MISMATCH, EntrySelectorMismatch::finish));
    return List.copyOf(outcomes);
  }

  /** What a process is like only its agent sees. */
  private static Outcome untold(PodStanding one) {
    return new Outcome.Unknown(
        "whether the process in container "
            + one.container().name()
            + " of pod "
            + one.pod().inWords()
            + " has "
            + one.standing().differences().stream()
                .map(difference -> difference.wanted().toString())
                .collect(Collectors.joining(" and "))
            + ", as "
            + one.standing().entry().inWords()
            + " wants it: the pod's securityContext does not tell");
  }

  @Override
  public Set<Class<? extends Rule>> explainedBy() {
    return Set.of(ClusterSpiffeIdIneffective.class);
  }

  private static Outcome finish(PodStanding one, Finding.Builder finding) {
    Entry entry = one.standing().entry();
    boolean typo =
        one.standing().differences().stream()
            .allMatch(d -> d.likeness() == Difference.Likeness.TYPO);
    Unserved.quote(one, finding);
    return finding
        .confidence(typo ? Confidence.LIKELY : Confidence.POSSIBLE)
        .remedy(Unserved.refit("If the pod is right, correct the entry", one))
        .remedy(
            new Remedy.Advice(
                "If the entry is right, correct the pod: its label, namespace or service account"))
        .found(
            "No entry matches the pod; the nearest, for "
                + entry.spiffeId()
                + ", asks for a selector that the pod does not have");
  }
}
