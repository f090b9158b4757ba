package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Quotes for a POSIX shell. */
public final class Shell {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private Shell() {}

  /** One word, whatever it holds. */
  public static String quote(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** Gives what a command prints to another one. */
  public static String pipe(String command, String... words) {
    return pipe(command, Stream.of(words));
  }

  private static String pipe(String command, Stream<String> words) {
    return command + " | " + words.map(Shell::quote).collect(Collectors.joining(" "));
  }

  /** Shows of what a command prints the lines that hold one of these. */
  public static String grep(String command, String... patterns) {
    return pipe(command, Stream.concat(Stream.of("grep"), expressions(patterns)));
  }

  /** The same in whatever case they are written. */
  public static String grepIgnoringCase(String command, String... patterns) {
    return pipe(command, Stream.concat(Stream.of("grep", "-i"), expressions(patterns)));
  }

  private static Stream<String> expressions(String... patterns) {
    return Stream.of(patterns).flatMap(pattern -> Stream.of("-e", pattern));
  }

  /**
   * Begins a pipe with what a command prints, and ends it there where the command fails or prints
   * nothing: what comes after a pipe would go on with an empty text.
   *
   * @param variable that holds it
   */
  public static String filled(String variable, String command) {
    return "%1$s=$(%2$s) && [ -n \"$%1$s\" ] && printf '%%s\\n' \"$%1$s\""
        .formatted(variable, command);
  }

  /** The words of a line that was made with {@link #quote}; operators are words of their own. */
  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
      } else if (!quoted && c == '\\' && i + 1 < line.length()) {
        i++;
        word.append(line.charAt(i));
      } else if (!quoted && Character.isWhitespace(c)) {
        words.add(word.toString());
        word.setLength(0);
      } else {
        word.append(c);
      }
    }
    words.add(word.toString());
    words.removeIf(String::isEmpty);
    return words;
  }
}
