package org.spiredoctor.run.gotest;

import java.util.List;

/** What is read of a recording. */
final class GoTestRecordings {
  private GoTestRecordings() {}

  static TestResults read(String output) {
    GoTestOutput reader = new GoTestOutput();
    output.lines().forEach(reader::line);
    return reader.results();
  }

  /** Each as {@code TestA PASSED}. */
  static List<String> outcomes(TestResults results) {
    return results.tests().stream().map(test -> test.name() + " " + test.status()).toList();
  }

  static List<String> output(TestResults results, String name) {
    return results.tests().stream()
        .filter(test -> test.name().equals(name))
        .findFirst()
        .orElseThrow()
        .output();
  }
}
