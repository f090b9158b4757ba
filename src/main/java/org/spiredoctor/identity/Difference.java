package org.spiredoctor.identity;

import java.util.Optional;

/**
 * A selector of an entry that a workload does not have.
 *
 * @param wanted by the entry
 * @param instead what the workload has in its place
 */
public record Difference(Selector wanted, Optional<Selector> instead, Likeness likeness) {

  /** How near the two are. */
  public enum Likeness {
    /** A slip of the pen. */
    TYPO,
    /** Another value. */
    OTHER_VALUE,
    /** The workload has nothing of the kind. */
    ABSENT
  }

  /** {@code k8s:pod-label:app:web — the pod has k8s:pod-label:app:wep}. */
  public String inWords() {
    String none = wanted.ofProcess() ? ", which only its agent sees" : ", the pod has none such";
    return wanted + instead.map(has -> ", the pod has " + has).orElse(none);
  }
}
