package org.spiredoctor.run.gotest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.spiredoctor.run.gotest.TestResults.Outcome;

/** A test whose output is being read. */
final class RunningTest {
  private final String name;
  private final List<String> output = new ArrayList<>();
  private Outcome outcome = Outcome.UNFINISHED;
  private Duration duration = Duration.ZERO;
  private boolean parallel;

  RunningTest(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  boolean isPartOf(RunningTest whole) {
    return name.startsWith(whole.name + "/");
  }

  /** Whether it has let others go first. */
  boolean isParallel() {
    return parallel;
  }

  void pause() {
    parallel = true;
  }

  boolean isBenchmark() {
    return name.startsWith("Benchmark");
  }

  boolean isExample() {
    return name.startsWith("Example");
  }

  boolean ended() {
    return outcome != Outcome.UNFINISHED;
  }

  boolean failed() {
    return outcome == Outcome.FAILED;
  }

  void end(Outcome as, Duration after) {
    outcome = as;
    duration = after;
  }

  void print(String line) {
    output.add(line);
  }

  TestResults.Test result() {
    return new TestResults.Test(name, outcome, duration, output);
  }
}
