package org.spiredoctor.evidence.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last lines of a SPIRE program's log, in logfmt or JSON.
 *
 * @param lines in their order
 */
public record Log(List<Line> lines) {

  /**
   * A line.
   *
   * @param text all of it, as it was; untrusted
   */
  public record Line(String level, String message, String error, String text) {
    /** Whether message or error hold a keyword. */
    public boolean says(String keyword) {
      return text.contains(keyword);
    }

    /** Message and error, without time and fields. */
    public String inShort() {
      return message.isEmpty() ? text : error.isEmpty() ? message : message + ": " + error;
    }
  }

  private static final Pattern LEVEL = Pattern.compile("\"?level\"?[=:]\\s*\"?([a-z]+)");
  private static final String QUOTED = "\"((?:[^\"\\\\]|\\\\.)*)\"";
  private static final Pattern MESSAGE =
      Pattern.compile("(?:\\bmsg=|\"msg\":\\s*)(?:" + QUOTED + "|(\\S+))");
  private static final Pattern ERROR =
      Pattern.compile("(?:\\berror=|\"error\":\\s*)(?:" + QUOTED + "|(\\S+))");

  /** Of its text. */
  public static Log parse(String text) {
    List<Line> lines = new ArrayList<>();
    text.lines()
        .filter(line -> !line.isBlank())
        .forEach(
            line ->
                lines.add(
                    new Line(first(LEVEL, line), first(MESSAGE, line), first(ERROR, line), line)));
    return new Log(List.copyOf(lines));
  }

  private static String first(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    if (!matcher.find()) {
      return "";
    }
    String quoted = matcher.group(1);
    String found = quoted != null ? quoted : matcher.groupCount() > 1 ? matcher.group(2) : "";
    return found.replace("\\\"", "\"").replace("\\\\", "\\");
  }

  /** What came after the last line that says this; all when none does. */
  public Log after(String keyword) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).says(keyword)) {
        return new Log(lines.subList(i + 1, lines.size()));
      }
    }
    return this;
  }

  /** The last line that says one of these. */
  public Optional<Line> last(String... keywords) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      for (String keyword : keywords) {
        if (lines.get(i).says(keyword)) {
          return Optional.of(lines.get(i));
        }
      }
    }
    return Optional.empty();
  }

  /** The last line that tells of an error. */
  public Optional<Line> lastError() {
    for (int i = lines.size() - 1; i >= 0; i--) {
      String level = lines.get(i).level();
      if (level.equals("error") || level.equals("fatal") || level.equals("panic")) {
        return Optional.of(lines.get(i));
      }
    }
    return Optional.empty();
  }
}
