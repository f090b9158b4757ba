package org.spiredoctor.diagnosis;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.spiredoctor.evidence.Evidence;

/**
 * Recognises one fault. A rule is a pure function of the evidence: no I/O, no clock, no state. Its
 * class name is its id: {@code SocketStale} finds {@code socket-stale}, and its page is {@code
 * findings/socket-stale.md}.
 */
public interface Rule {

  /** Judges what a pod sees of itself. */
  default Outcome examine(Evidence evidence) {
    return new Outcome.NotApplicable("seen from outside of the pod only");
  }

  /** Judges what is seen of a cluster; every finding there is, or why there is none. */
  default List<Outcome> examine(ClusterCase cluster) {
    return List.of(new Outcome.NotApplicable("seen from inside of the pod only"));
  }

  /** What follows from its fault, for whatever is in the scope of the finding. */
  default Set<Effect> effects() {
    return Set.of();
  }

  /** The same of one finding, where not all faults of the rule have the same effects. */
  default Set<Effect> effects(Finding found) {
    return effects();
  }

  /** The effects of other rules' faults that explain its own finding. */
  default Set<Effect> explainedBy() {
    return Set.of();
  }

  /** The same of one finding, where not all of the rule are explained by the same. */
  default Set<Effect> explainedBy(Finding found) {
    return explainedBy();
  }

  /** The stable id of the finding. */
  default String id() {
    return idOf(getClass());
  }

  /** The id of a rule's finding, from its class. */
  static String idOf(Class<? extends Rule> rule) {
    return rule.getSimpleName().replaceAll("(?<=.)(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }
}
