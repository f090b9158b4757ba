package org.spiredoctor.diagnosis;

import java.util.Locale;
import java.util.Set;
import org.spiredoctor.evidence.Evidence;

/**
 * Recognises one fault. A rule is a pure function of the evidence: no I/O, no clock, no state. Its
 * class name is its id: {@code SocketStale} finds {@code socket-stale}, and its page is {@code
 * findings/socket-stale.md}.
 */
public interface Rule {

  /** Judges. */
  Outcome examine(Evidence evidence);

  /** The rules whose findings, when present, are the cause of this one. */
  default Set<Class<? extends Rule>> explainedBy() {
    return Set.of();
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
