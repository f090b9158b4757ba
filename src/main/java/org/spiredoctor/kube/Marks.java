package org.spiredoctor.kube;

import java.util.BitSet;
import java.util.function.UnaryOperator;

/** Which characters of a text must not be shown. Each detector marks what it recognizes. */
final class Marks {
  private final String text;
  private final BitSet hidden = new BitSet();

  Marks(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /** Hides the characters from one index up to another. */
  void hide(int from, int to) {
    if (from < to) {
      hidden.set(from, to);
    }
  }

  /** Hides all of each occurrence of a word of which a part is hidden. */
  void hideWhole(String word) {
    int part = hidden.nextSetBit(0);
    for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length())) {
      // What is ahead is not looked for again.
      part = part >= 0 && part < at ? hidden.nextSetBit(at) : part;
      if (part >= 0 && part < at + word.length()) {
        hide(at, at + word.length());
      }
    }
  }

  /** The text with something else in the place of each hidden part. */
  String render(UnaryOperator<String> instead) {
    if (hidden.isEmpty()) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int from = hidden.nextSetBit(at);
      if (from < 0) {
        break;
      }
      int to = hidden.nextClearBit(from);
      shown.append(text, at, from).append(instead.apply(text.substring(from, to)));
      at = to;
    }
    return shown.append(text, at, text.length()).toString();
  }
}
