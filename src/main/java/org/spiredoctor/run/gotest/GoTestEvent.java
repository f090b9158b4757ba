package org.spiredoctor.run.gotest;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line by which Go's tests tell what they do.
 *
 * @param depth by how much a report is indented: those of parts stand below that of the whole
 * @param name of the test; empty where none is meant
 */
record GoTestEvent(Kind kind, int depth, String name, Duration duration) {
  /** By so many spaces is a part indented under the whole. */
  static final int INDENT = 4;

  private static final Pattern UPDATE =
      Pattern.compile(
          "=== (RUN|PAUSE|CONT|NAME|FUZZ) *+(\\S*+) *+|=== (ATTR|ARTIFACTS) ++(\\S++) .*");
  private static final Pattern REPORT =
      Pattern.compile(
          "((?: {4})*+)--- (PASS|FAIL|SKIP|BENCH): (\\S++)(?: \\((\\d{1,9})(?:\\.(\\d{1,9}))?s\\))?");
  private static final Pattern TEST = Pattern.compile("(?:Test|Fuzz|Example|Benchmark).*");
  private static final int DIGITS_OF_NANOS = 9;

  /** What is told. */
  enum Kind {
    /** A test begins. */
    RUN,
    /** It waits until others are done. */
    PAUSE,
    /** What follows is of this test. */
    CONT,
    NAME,
    FUZZ,
    /** Something is said of it, in this line. */
    ATTR,
    ARTIFACTS,
    /** A test ended. */
    PASS,
    FAIL,
    SKIP,
    BENCH,
    /** All tests ended. */
    VERDICT
  }

  boolean isFailure() {
    return kind == Kind.FAIL;
  }

  static Optional<GoTestEvent> of(String line) {
    if (line.equals("PASS") || line.equals("FAIL")) {
      return Optional.of(new GoTestEvent(Kind.VERDICT, 0, line, Duration.ZERO));
    }
    if (line.startsWith("=== ")) {
      Matcher update = UPDATE.matcher(line);
      return update.matches() ? Optional.of(update(update)) : Optional.empty();
    }
    if (line.startsWith("--- ") || line.startsWith("    ")) {
      Matcher report = REPORT.matcher(line);
      return report.matches() ? Optional.of(report(report)) : Optional.empty();
    }
    return Optional.empty();
  }

  private static GoTestEvent update(Matcher update) {
    int group = update.group(1) == null ? 3 : 1;
    return new GoTestEvent(
        Kind.valueOf(update.group(group)), 0, update.group(group + 1), Duration.ZERO);
  }

  private static GoTestEvent report(Matcher report) {
    Duration duration = Duration.ZERO;
    if (report.group(4) != null) {
      String fraction = report.group(5) == null ? "" : report.group(5);
      String nanos = fraction + "0".repeat(DIGITS_OF_NANOS - fraction.length());
      duration = Duration.ofSeconds(Long.parseLong(report.group(4)), Long.parseLong(nanos));
    }
    return new GoTestEvent(
        Kind.valueOf(report.group(2)),
        report.group(1).length() / INDENT,
        report.group(3),
        duration);
  }

  /** Whether it names a part of a test. */
  boolean isPartOf(String whole) {
    return name.startsWith(whole + "/");
  }

  /** Whether its name is one that Go takes for a test's. */
  boolean isTest() {
    return TEST.matcher(name).matches();
  }
}
