package org.spiredoctor.report;

import org.spiredoctor.diagnosis.Remedy;

/** Remedies as they may be shown: what is pasted must be what was seen. */
final class Pasteable {
  private static final String NOT_SHOWN =
      " (it is not shown, because a name in it holds control characters or such that turn the"
          + " direction of text)";

  private Pasteable() {}

  /**
   * The remedy itself, or advice in the place of one whose text would have to be changed to be
   * shown: another name in a command is another command.
   */
  static Remedy of(Remedy remedy) {
    String text = remedy.block();
    return Untrusted.block(text).equals(text)
        ? remedy
        : new Remedy.Advice(remedy.summary() + NOT_SHOWN);
  }
}
