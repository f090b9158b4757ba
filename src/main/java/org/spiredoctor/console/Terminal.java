package org.spiredoctor.console;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.report.Style;
import org.spiredoctor.report.Untrusted;

/**
 * Standard output and standard error, in the characters and colours that they can show.
 *
 * @param out for results
 * @param err for everything else
 * @param style for both
 * @param environment of this process
 */
public record Terminal(
    PrintStream out, PrintStream err, Style style, Map<String, String> environment) {
  private static final int WIDTH = 80;

  /** This process's own. */
  public static Terminal ofProcess() {
    Map<String, String> environment = System.getenv();
    Style style = style(environment, isTerminal());
    Charset charset = style.unicode() ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII;
    return new Terminal(
        StandardStream.of(FileDescriptor.out, charset),
        StandardStream.of(FileDescriptor.err, charset),
        style,
        environment);
  }

  /** {@code System.console()} may be null in older and in native runtimes. */
  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  /** Chooses by environment, see locale(7) and no-color.org. */
  static Style style(Map<String, String> environment, boolean terminal) {
    boolean noColour = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean ci = environment.containsKey("CI");
    boolean dumb = "dumb".equals(environment.get("TERM"));
    return new Style(
        terminal && !noColour && !ci && !dumb, !noColour && unicode(environment), WIDTH);
  }

  /** A container has no locale, and its log is UTF-8: only a locale that says otherwise counts. */
  private static boolean unicode(Map<String, String> environment) {
    return Stream.of("LC_ALL", "LC_CTYPE", "LANG")
        .map(name -> environment.getOrDefault(name, ""))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .map(locale -> locale.toUpperCase(Locale.ROOT).replace("-", "").contains("UTF8"))
        .orElse(true);
  }

  /** A line on standard output; like all that is written here it may hold text from outside. */
  public void print(String line) {
    out.println(style.plain(Untrusted.block(line)));
  }

  /** A line on standard error. */
  public void say(String line) {
    err.println(style.plain(Untrusted.block(line)));
  }

  /** A line on standard error, with the program's name before it. */
  public void complain(String line) {
    say("spire-doctor: " + Untrusted.clean(line));
  }

  /** Whether all that was printed has arrived; if not, it is said, unless nobody wants it. */
  public boolean printed() {
    if (!out.checkError()) {
      return true;
    }
    if (out instanceof StandardStream stream && stream.readerIsGone()) {
      return false;
    }
    complain("standard output cannot be written to: it is closed, or what it leads to is full");
    return false;
  }
}
