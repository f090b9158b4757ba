package org.spiredoctor.evidence.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads the regular expressions of Go. What stands for one character is left to Java, which has the
 * same classes; what Go refuses is refused, such as more than a thousand repetitions.
 */
final class GoRegexpParser {
  /** As in Go. */
  private static final int MOST_REPETITIONS = 1000;

  private static final Pattern COUNT = Pattern.compile("\\{(\\d{1,9})(,?)(\\d{0,9})\\}");
  private static final Pattern NAMED = Pattern.compile("\\?P?<\\w+>");
  private static final Pattern FLAGS = Pattern.compile("\\?([imsU]*)-?([imsU]*)([:)])");
  private static final Pattern POSIX = Pattern.compile("\\[:(\\^?)([a-z]+):\\]");
  private static final Pattern ESCAPE =
      Pattern.compile(
          "\\\\(?:[dDwWsSaftnr]|x[0-9A-Fa-f]{2}|x\\{[0-9A-Fa-f]{1,6}\\}|[pP][A-Z]"
              + "|[pP]\\{[A-Z][a-z]?\\}|\\p{Punct})");

  private final String pattern;
  private int at;
  private String flags = "";

  private GoRegexpParser(String pattern) {
    this.pattern = pattern;
  }

  /** Reads one. */
  static GoRegexpPart parse(String pattern) {
    GoRegexpParser parser = new GoRegexpParser(pattern);
    GoRegexpPart whole = parser.choice();
    if (parser.at < pattern.length()) {
      throw parser.wrong("unexpected )");
    }
    return whole;
  }

  private PatternSyntaxException wrong(String what) {
    return new PatternSyntaxException(what, pattern, at);
  }

  private boolean isAt(String text) {
    return pattern.startsWith(text, at);
  }

  private GoRegexpPart choice() {
    List<GoRegexpPart> parts = new ArrayList<>(List.of(sequence()));
    while (isAt("|")) {
      at++;
      parts.add(sequence());
    }
    return new GoRegexpPart.Choice(parts);
  }

  private GoRegexpPart sequence() {
    List<GoRegexpPart> parts = new ArrayList<>();
    while (at < pattern.length() && !isAt("|") && !isAt(")")) {
      parts.add(repeated(one()));
    }
    return new GoRegexpPart.Sequence(parts);
  }

  private GoRegexpPart repeated(GoRegexpPart part) {
    Matcher count = COUNT.matcher(pattern).region(at, pattern.length());
    int least;
    int most = Integer.MAX_VALUE;
    if (isAt("*") || isAt("+") || isAt("?")) {
      least = isAt("+") ? 1 : 0;
      most = isAt("?") ? 1 : most;
      at++;
    } else if (count.lookingAt()) {
      least = Integer.parseInt(count.group(1));
      String end = count.group(2).isEmpty() ? count.group(1) : count.group(3);
      most = end.isEmpty() ? most : Integer.parseInt(end);
      if (Math.max(least, end.isEmpty() ? least : most) > MOST_REPETITIONS || most < least) {
        throw wrong("invalid repeat count");
      }
      at = count.end();
    } else {
      return part;
    }
    // Which of several matches is found makes no difference here.
    at += isAt("?") ? 1 : 0;
    if (isAt("*") || isAt("+") || isAt("?") || count.region(at, pattern.length()).lookingAt()) {
      throw wrong("invalid nested repetition operator");
    }
    return new GoRegexpPart.Repeat(part, least, most);
  }

  private GoRegexpPart one() {
    char c = pattern.charAt(at);
    return switch (c) {
      case '(' -> group();
      case '[' -> character(characters());
      case '\\' -> escaped();
      case '*', '+', '?' -> throw wrong("missing argument to repetition operator");
      default -> {
        at++;
        yield plain(c);
      }
    };
  }

  private GoRegexpPart plain(char c) {
    boolean lines = flags.contains("m");
    return switch (c) {
      case '.' -> character(flags.contains("s") ? "[\\x00-\\uffff]" : "[^\\n]");
      case '^' -> place((text, i) -> i == 0 || (lines && text.charAt(i - 1) == '\n'));
      case '$' -> place((text, i) -> i == text.length() || (lines && text.charAt(i) == '\n'));
      default -> character(Pattern.quote(String.valueOf(c)));
    };
  }

  private static GoRegexpPart place(GoRegexpPart.Place.Where where) {
    return new GoRegexpPart.Place(where);
  }

  private GoRegexpPart character(String java) {
    int how = flags.contains("i") ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
    return new GoRegexpPart.One(Pattern.compile(java, how).asMatchPredicate());
  }

  private GoRegexpPart group() {
    String before = flags;
    at++;
    Matcher named = NAMED.matcher(pattern).region(at, pattern.length());
    Matcher start = FLAGS.matcher(pattern).region(at, pattern.length());
    if (named.lookingAt()) {
      at = named.end();
    } else if (start.lookingAt()) {
      at = start.end();
      flags = (flags + start.group(1)).replaceAll("[" + start.group(2) + "\\n]", "");
      if (start.group(3).equals(")")) {
        // From here to the end of the group around it.
        return new GoRegexpPart.Sequence(List.of());
      }
    } else if (isAt("?")) {
      throw wrong("invalid or unsupported Perl syntax");
    }
    GoRegexpPart inner = choice();
    if (!isAt(")")) {
      throw wrong("missing closing )");
    }
    at++;
    flags = before;
    return inner;
  }

  private GoRegexpPart escaped() {
    String two = pattern.substring(at, Math.min(at + 2, pattern.length()));
    switch (two) {
      case "\\A", "\\z", "\\b", "\\B" -> at += 2;
      default -> {
        return character(escape());
      }
    }
    return switch (two) {
      case "\\A" -> place((_, i) -> i == 0);
      case "\\z" -> place((text, i) -> i == text.length());
      case "\\b" -> place(GoRegexpParser::isBoundary);
      default -> place((text, i) -> !isBoundary(text, i));
    };
  }

  private static boolean isBoundary(String text, int i) {
    return isWord(text, i - 1) != isWord(text, i);
  }

  private static boolean isWord(String text, int i) {
    return i >= 0 && i < text.length() && text.substring(i, i + 1).matches("\\w");
  }

  /** One that Java reads in the same way. */
  private String escape() {
    Matcher escape = ESCAPE.matcher(pattern).region(at, pattern.length());
    if (!escape.lookingAt()) {
      throw wrong("invalid escape sequence");
    }
    at = escape.end();
    return escape.group();
  }

  /** A class in brackets, in which Java, other than Go, has classes in brackets and {@code &&}. */
  private String characters() {
    StringBuilder java = new StringBuilder("[");
    at++;
    if (isAt("^")) {
      java.append('^');
      at++;
    }
    for (boolean first = true; first || !isAt("]"); first = false) {
      if (at >= pattern.length()) {
        throw wrong("missing closing ]");
      }
      Matcher posix = POSIX.matcher(pattern).region(at, pattern.length());
      char c = pattern.charAt(at);
      if (posix.lookingAt()) {
        java.append(posix.group(1).isEmpty() ? "\\p{" : "\\P{").append(name(posix.group(2)));
        java.append('}');
        at = posix.end();
      } else if (c == '\\') {
        java.append(escape());
      } else {
        java.append("[]&^#~".indexOf(c) >= 0 ? "\\" : "").append(c);
        at++;
      }
    }
    at++;
    return java.append(']').toString();
  }

  private static String name(String posix) {
    return switch (posix) {
      case "ascii" -> "ASCII";
      case "xdigit" -> "XDigit";
      default -> posix.substring(0, 1).toUpperCase(Locale.ROOT) + posix.substring(1);
    };
  }
}
