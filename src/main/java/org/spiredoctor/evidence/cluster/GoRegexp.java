package org.spiredoctor.evidence.cluster;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression out of a configuration. Go looks for one in linear time; Java tries all ways
 * to match, which for {@code (a+)+$} are more than anybody can wait for, and so is stopped.
 */
final class GoRegexp {
  /** For a namespace's name, of at most 63 characters, honest patterns take a few hundred. */
  private static final int MOST_STEPS = 100_000;

  private static final int LONGEST = 1024;

  private GoRegexp() {}

  /** Whether a part of the text matches; of a pattern that is none, whether it is the text. */
  static boolean finds(String pattern, String text) {
    if (pattern.length() > LONGEST) {
      return false;
    }
    try {
      return Pattern.compile(pattern).matcher(new Counted(text)).find();
    } catch (PatternSyntaxException | TooManyStepsException | StackOverflowError e) {
      return pattern.equals(text);
    }
  }

  private static final class TooManyStepsException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** A text that counts how often it is looked at. */
  private static final class Counted implements CharSequence {
    private final CharSequence text;
    private int steps;

    Counted(CharSequence text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      steps++;
      if (steps > MOST_STEPS) {
        throw new TooManyStepsException();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
