package org.spiredoctor.run.gotest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.run.gotest.TestResults.Status;

/** The tests that began, and those of them that run. */
final class RunningTests {
  private final List<RunningTest> all = new ArrayList<>();
  private final Map<String, RunningTest> latest = new HashMap<>();
  private final Set<RunningTest> running = new LinkedHashSet<>();

  /** They are paused, or done and not reported yet, which parts are with the whole. */
  private final Set<RunningTest> waiting = new LinkedHashSet<>();

  List<TestResults.Test> results() {
    return all.stream().map(RunningTest::result).toList();
  }

  Optional<RunningTest> find(String name) {
    return Optional.ofNullable(latest.get(name));
  }

  RunningTest begin(String name) {
    RunningTest test = new RunningTest(name);
    Optional<RunningTest> whole = around(test);
    // Parts run one by one, but for those that let the others go first.
    List.copyOf(running).stream()
        .filter(other -> whole.isPresent() && !other.isParallel() && around(other).equals(whole))
        .forEach(this::await);
    if (test.isBenchmark()) {
      // So do benchmarks, and nothing is said when one ends well.
      endBenchmarks(Optional.of(test));
    }
    all.add(test);
    latest.put(name, test);
    running.add(test);
    return test;
  }

  void pause(RunningTest test) {
    test.pause();
    await(test);
  }

  private void await(RunningTest test) {
    if (running.remove(test)) {
      waiting.add(test);
    }
  }

  void resume(RunningTest test) {
    if (waiting.remove(test)) {
      running.add(test);
    }
  }

  void end(RunningTest test, Status status, Duration duration) {
    test.end(status, duration);
    running.remove(test);
    waiting.remove(test);
  }

  /** Of what one that failed is a part of, the whole failed, too. */
  void fail(RunningTest test, Duration duration) {
    end(test, Status.FAILED, duration);
    List.copyOf(running).stream()
        .filter(test::isPartOf)
        .forEach(whole -> end(whole, Status.FAILED, Duration.ZERO));
  }

  /** Apart from those that the next one is a part of. */
  void endBenchmarks(Optional<RunningTest> next) {
    List.copyOf(running).stream()
        .filter(test -> test.isBenchmark() && next.filter(it -> it.isPartOf(test)).isEmpty())
        .forEach(test -> end(test, Status.PASSED, Duration.ZERO));
  }

  /** Whether a line that speaks of all tests can be what it looks like. */
  boolean allEnded() {
    return waiting.isEmpty() && running.stream().allMatch(RunningTest::isBenchmark);
  }

  /** Those that run and do not wait for a part of them. */
  List<RunningTest> active() {
    return running.stream()
        .filter(test -> running.stream().noneMatch(other -> other.isPartOf(test)))
        .toList();
  }

  /** The nearest one that a test is a part of, and that runs. */
  Optional<RunningTest> around(RunningTest test) {
    return running.stream()
        .filter(test::isPartOf)
        .reduce((one, other) -> other.isPartOf(one) ? other : one);
  }
}
