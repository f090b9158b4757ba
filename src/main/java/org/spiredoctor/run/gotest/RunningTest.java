package org.spiredoctor.run.gotest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.spiredoctor.run.gotest.TestResults.Status;

/** A test whose output is being read. */
final class RunningTest {
  private final String name;
  private final List<String> output = new ArrayList<>();
  private Status status = Status.UNFINISHED;
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
    return status != Status.UNFINISHED;
  }

  boolean failed() {
    return status == Status.FAILED;
  }

  void end(Status as, Duration after) {
    status = as;
    duration = after;
  }

  void print(String line) {
    output.add(line);
  }

  TestResults.Test result() {
    return new TestResults.Test(name, status, duration, output);
  }
}
