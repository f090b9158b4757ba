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
    ABSENT,
    /** No workload has it: the agents do not compute it, as they are configured. */
    NEVER,
    /** Only the agent sees whether the workload has it: no difference, as far as it shows. */
    HIDDEN
  }

  /** {@code k8s:pod-label:app:web — the pod has k8s:pod-label:app:wep}. */
  public String inWords() {
    return wanted
        + instead
            .map(has -> ", the pod has " + has)
            .orElse(
                switch (likeness) {
                  case TYPO, OTHER_VALUE, ABSENT -> ", the pod has none such";
                  case NEVER -> ", which the agents never compute";
                  case HIDDEN -> ", which only its agent sees";
                });
  }

  /** Whether it asks for an image of a repository from which the workload runs none. */
  public boolean isOtherImage() {
    return shows()
        && (ImageSelectors.includes(wanted) || instead.filter(ImageSelectors::includes).isPresent())
        && instead.filter(has -> ImageSelectors.sameRepository(wanted, has)).isEmpty();
  }

  /** Whether it shows that the workload does not have the selector. */
  public boolean shows() {
    return likeness != Likeness.HIDDEN;
  }
}
