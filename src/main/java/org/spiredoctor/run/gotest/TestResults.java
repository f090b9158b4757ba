package org.spiredoctor.run.gotest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What Go tests came to.
 *
 * @param tests in the order in which they began; one that ran twice is there twice
 * @param outside lines of output that are no test's
 * @param verdict the last line that speaks of all: {@code PASS}, {@code FAIL}, or how a crash
 *     begins; empty where there is none
 */
public record TestResults(List<Test> tests, List<String> outside, String verdict) {

  /** Copies the lists. */
  public TestResults {
    tests = List.copyOf(tests);
    outside = List.copyOf(outside);
  }

  /** How a test ended. */
  public enum Status {
    PASSED,
    FAILED,
    SKIPPED,
    /** It began, and nothing says how it ended. */
    UNFINISHED
  }

  /**
   * A test, or a part of one.
   *
   * @param name as Go prints it: {@code TestA/sub}
   * @param duration zero where none was printed
   * @param output its lines
   */
  public record Test(String name, Status status, Duration duration, List<String> output) {

    /** Copies the list. */
    public Test {
      output = List.copyOf(output);
    }
  }

  /** Those that failed or did not end. */
  public List<Test> failures() {
    return tests.stream()
        .filter(test -> test.status() == Status.FAILED || test.status() == Status.UNFINISHED)
        .toList();
  }

  /** How many ended in a way. */
  public long count(Status status) {
    return tests.stream().filter(test -> test.status() == status).count();
  }

  /** Whether the program did not end by itself, but for a panic or another fatal error. */
  public boolean crashed() {
    return Crash.begins(verdict);
  }

  /** The time of all tests: less than this has passed where some ran at the same time. */
  public Duration duration() {
    return tests.stream()
        .filter(test -> !test.name().contains("/"))
        .map(Test::duration)
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** One line: {@code 12 passed, 1 failed, 2 skipped in 3.4 s}. */
  public String summary() {
    List<String> parts = new ArrayList<>();
    for (Status status : Status.values()) {
      long count = count(status);
      if (count > 0) {
        parts.add(count + " " + status.name().toLowerCase(Locale.ROOT));
      }
    }
    return parts.isEmpty()
        ? "no tests ran"
        : String.format(
            Locale.ROOT, "%s in %.1f s", String.join(", ", parts), duration().toMillis() / 1000.0);
  }
}
