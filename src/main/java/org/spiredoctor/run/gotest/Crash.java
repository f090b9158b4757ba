package org.spiredoctor.run.gotest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a Go program says when it does not end by itself. */
final class Crash {
  private static final Pattern BEGIN =
      Pattern.compile("(?:panic: |fatal error: |SIG[A-Z]{2,6}: [a-z]).*", Pattern.DOTALL);
  private static final Pattern LISTED = Pattern.compile("\\t\\t(\\S+) \\((\\S+)\\)");
  private static final Pattern LENGTH =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(h|ms|m|s|µs|ns)");

  private final List<String> trace = new ArrayList<>();
  private final Optional<RunningTest> printedBy;

  /**
   * Begins.
   *
   * @param printedBy whose output these lines are, if the program goes on after them
   */
  Crash(Optional<RunningTest> printedBy) {
    this.printedBy = printedBy;
  }

  /** Whether a line is the first one of it. */
  static boolean begins(String line) {
    return BEGIN.matcher(line).matches();
  }

  void add(String line) {
    trace.add(line);
  }

  List<String> trace() {
    return List.copyOf(trace);
  }

  Optional<RunningTest> printedBy() {
    return printedBy;
  }

  /** Whether the test framework saw it, and has reported its test as failed. */
  boolean reported() {
    return trace.stream()
        .takeWhile(line -> !line.startsWith("goroutine "))
        .anyMatch(line -> line.contains("[recovered"));
  }

  /** The tests that were running when the time was up, as they are listed then. */
  Map<String, Duration> timedOut() {
    Map<String, Duration> running = new LinkedHashMap<>();
    if (trace.getFirst().startsWith("panic: test timed out after ")) {
      trace.stream()
          .skip(1)
          .takeWhile(line -> line.startsWith("\t"))
          .map(LISTED::matcher)
          .filter(Matcher::matches)
          .forEach(listed -> running.put(listed.group(1), duration(listed.group(2))));
    }
    return running;
  }

  /** Whether the first goroutine of it was in this test, or was begun there. */
  boolean names(RunningTest test) {
    String function = test.name().replaceFirst("/.*", "");
    Pattern call = Pattern.compile(".*\\." + Pattern.quote(function) + "(?:[(.]| in |$).*");
    return trace.stream()
        .dropWhile(line -> !line.startsWith("goroutine "))
        .takeWhile(line -> !line.isEmpty())
        .anyMatch(line -> call.matcher(line).matches());
  }

  /** As Go writes one: {@code 1m30.5s}. */
  static Duration duration(String text) {
    Duration sum = Duration.ZERO;
    Matcher length = LENGTH.matcher(text);
    while (length.find()) {
      double nanos =
          switch (length.group(2)) {
            case "h" -> 3600e9;
            case "m" -> 60e9;
            case "s" -> 1e9;
            case "ms" -> 1e6;
            case "µs" -> 1e3;
            default -> 1;
          };
      sum = sum.plusNanos(Math.round(Double.parseDouble(length.group(1)) * nanos));
    }
    return sum;
  }
}
