package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.Log;

/** Why a program fails, as its log says it: the error, without what is printed after it. */
public final class CrashReason {
  private static final String NO_SUBCOMMAND = "[--version] [--help] <command> [<args>]";

  private static final List<String> WRONG_ARGUMENT =
      List.of("flag provided but not defined", "unknown flag: ", "unknown shorthand flag: ");

  private static final List<String> PANIC = List.of("panic: ", "fatal error: ");

  private static final List<String> TRACE =
      List.of("\t", "    ", "  -", "goroutine ", "created by ", "exit status ", "[signal ");

  private static final List<String> FAILURE =
      List.of(
          "cannot",
          "could not",
          "denied",
          "error",
          "exceeded",
          "exception",
          "fail",
          "fatal",
          "invalid",
          "missing",
          "must ",
          "no such",
          "not found",
          "refused",
          "unable",
          "unexpected",
          "unknown");

  private CrashReason() {}

  /** The last error of a log; without one, the last line that is neither usage nor stack trace. */
  public static Optional<Log.Line> in(Log log) {
    List<Log.Line> upTo = upTo(log);
    return upTo.isEmpty() ? Optional.empty() : Optional.of(upTo.getLast());
  }

  /** The lines up to the reason, without usage and stack traces; the last one is the reason. */
  public static List<Log.Line> upTo(Log log) {
    List<Log.Line> lines = withoutTraces(log.lines());
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (tells(lines.get(i))) {
        return lines.subList(0, i + 1);
      }
    }
    int last = lines.size() - 1;
    // What SPIRE prints before its log is set up has no level.
    while (last >= 0 && !lines.get(last).level().isEmpty()) {
      last--;
    }
    return lines.subList(0, last + 1);
  }

  /** Whether a program of SPIRE was started without a sub-command, and printed which there are. */
  public static boolean isMissingSubcommand(Log.Line line) {
    return line.text().startsWith("Usage: spire-") && line.says(NO_SUBCOMMAND);
  }

  private static boolean tells(Log.Line line) {
    return line.complains()
        || isMissingSubcommand(line)
        || (line.level().isEmpty() && (isPanic(line) || saysFailure(line)));
  }

  private static boolean isPanic(Log.Line line) {
    return PANIC.stream().anyMatch(line.text()::startsWith);
  }

  private static boolean saysFailure(Log.Line line) {
    String text = line.text().toLowerCase(Locale.ROOT);
    return Stream.concat(FAILURE.stream(), WRONG_ARGUMENT.stream()).anyMatch(text::contains);
  }

  /** After a panic and after a wrong argument comes nothing else of worth. */
  private static List<Log.Line> withoutTraces(List<Log.Line> lines) {
    List<Log.Line> kept = new ArrayList<>();
    boolean over = false;
    for (int i = 0; i < lines.size(); i++) {
      Log.Line line = lines.get(i);
      // The next run, or a program that logs on.
      over = over && line.level().isEmpty();
      if (!over && !isTrace(line, i + 1 < lines.size() ? lines.get(i + 1) : line)) {
        kept.add(line);
      }
      over =
          over
              || isPanic(line)
              || isMissingSubcommand(line)
              || WRONG_ARGUMENT.stream().anyMatch(line::says);
    }
    return kept;
  }

  /** A line of a stack trace; a function's name stands before the place in its file. */
  private static boolean isTrace(Log.Line line, Log.Line next) {
    return line.level().isEmpty()
        && (TRACE.stream().anyMatch(line.text()::startsWith)
            || next.text().startsWith("\t/")
            || line.text().startsWith("Usage of "));
  }
}
