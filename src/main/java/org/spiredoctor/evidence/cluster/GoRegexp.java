package org.spiredoctor.evidence.cluster;

import java.util.regex.PatternSyntaxException;

/**
 * A regular expression out of a configuration. Go looks for one in linear time; Java tries all ways
 * to match, which for {@code (a+)+$} or {@code (|){50}\b} are more than anybody can wait for. Here
 * all ways are followed at once, and no more than so many steps of them.
 *
 * @see <a href="https://pkg.go.dev/regexp/syntax">The syntax</a>
 */
final class GoRegexp {
  private static final int LONGEST = 1024;

  private GoRegexp() {}

  /** Whether a part of the text matches; of a pattern that is none, whether it is the text. */
  static boolean finds(String pattern, String text) {
    if (pattern.length() > LONGEST) {
      return false;
    }
    try {
      return GoRegexpParser.parse(pattern).isIn(text);
    } catch (PatternSyntaxException | GoRegexpPart.TooManyStepsException | StackOverflowError e) {
      return pattern.equals(text);
    }
  }
}
