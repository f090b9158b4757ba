package org.spiredoctor.kube;

import java.util.function.UnaryOperator;

/**
 * Takes out of text what must not be kept or shown: keys, tokens, passwords, and values that might
 * be any of these. The time is linear in the length of the text, whatever it is.
 */
public final class Redaction {
  /** What stands in the place of what was taken out. */
  public static final String HIDDEN = "[redacted]";

  /** What stands where a line was cut. */
  static final String CUT = "[cut]";

  private static final int LONGEST_LINE = 8 * 1024;

  /** More than a window of a log, an annotation or a message of Kubernetes can have. */
  private static final int LONGEST = 1024 * 1024;

  private static final Harmless HARMLESS = new Harmless();

  private Redaction() {}

  /**
   * Free text, such as a log line or a message, without what looks secret; its lines are at most 8
   * KiB long. What was cut off is not looked at, and no part of a secret stays because the rest of
   * it was cut off.
   */
  public static String text(String text) {
    if (HARMLESS.knows(text)) {
      return text;
    }
    String safe = redacted(text);
    if (safe.equals(text)) {
      HARMLESS.remember(text);
    }
    return safe;
  }

  private static String redacted(String text) {
    Marks marks = new Marks(bounded(text));
    PrivateKeys.mark(marks);
    KnownTokens.mark(marks);
    UserInfo.mark(marks, true);
    Webhooks.mark(marks);
    NamedSecrets.mark(marks);
    Opaque.mark(marks);
    // What went through here before stays as it is.
    marks.hideWhole(HIDDEN);
    return shortLines(marks.render(_ -> HIDDEN));
  }

  /**
   * A name, label, selector, image or command without tokens that are recognized by their own form.
   * Others must stay: {@code app-secret:1.2.345} is an image.
   */
  public static String tokens(String text) {
    return tokens(text, _ -> HIDDEN);
  }

  /** The same with something else in the place of each token. */
  public static String tokens(String text, UnaryOperator<String> instead) {
    Marks marks = new Marks(text);
    PrivateKeys.mark(marks);
    KnownTokens.mark(marks);
    UserInfo.mark(marks, false);
    return marks.render(instead);
  }

  /** The rest of a word that is cut might not be known for what it is. */
  private static String bounded(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = LONGEST;
    while (end > LONGEST - LONGEST_LINE && !Character.isWhitespace(text.charAt(end))) {
      end--;
    }
    return text.substring(0, end) + CUT;
  }

  private static String shortLines(String text) {
    if (text.length() <= LONGEST_LINE) {
      return text;
    }
    StringBuilder shortened = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      end = end < 0 ? text.length() : end;
      if (end - at > LONGEST_LINE) {
        shortened.append(text, at, at + LONGEST_LINE).append(CUT);
      } else {
        shortened.append(text, at, end);
      }
      if (end < text.length()) {
        shortened.append('\n');
      }
      at = end + 1;
    }
    return shortened.toString();
  }
}
