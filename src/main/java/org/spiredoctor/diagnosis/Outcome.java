package org.spiredoctor.diagnosis;

import org.spiredoctor.kube.Redaction;

/** What a rule makes of the evidence. */
public sealed interface Outcome {

  /** Looked at, and in order. */
  record Passed() implements Outcome {}

  /** A fault. */
  record Found(Finding finding) implements Outcome {}

  /**
   * It could not be told.
   *
   * @param missing what would have to be seen
   */
  record Unknown(String missing) implements Outcome {
    /** Without secrets: it may quote what came back. */
    public Unknown {
      missing = Redaction.text(missing);
    }
  }

  /**
   * There was nothing to judge.
   *
   * @param why in a few words
   */
  record NotApplicable(String why) implements Outcome {}
}
