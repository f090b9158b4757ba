package org.spiredoctor.run.gotest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.run.gotest.TestResults.Status;

/** What Go's tests do, by what they tell of it and print. */
final class GoTestRun {
  private final RunningTests tests = new RunningTests();
  private final List<String> outside = new ArrayList<>();

  /** The last report, below those that it is indented under. */
  private final List<RunningTest> reported = new ArrayList<>();

  /** Reported as failed, with nothing in between. */
  private final List<RunningTest> justFailed = new ArrayList<>();

  private Optional<RunningTest> current = Optional.empty();
  private Optional<Crash> crash = Optional.empty();
  private boolean verbose;
  private String verdict = "";

  RunningTests tests() {
    return tests;
  }

  /** Whether it is told when a test begins. */
  boolean isVerbose() {
    return verbose;
  }

  /** Whether one is indented under what it is a part of. */
  boolean reportFits(GoTestEvent report) {
    int depth = report.depth();
    return depth == 0
        || (depth <= reported.size() && report.isPartOf(reported.get(depth - 1).name()));
  }

  void happened(GoTestEvent event, String line) {
    if (!event.isFailure()) {
      // The program goes on: a trace was only printed. (A failure may be overtaken by its trace.)
      crash.ifPresent(it -> it.trace().forEach(text -> print(it.printedBy(), text)));
      crash = Optional.empty();
      justFailed.clear();
    }
    Optional<RunningTest> test = tests.find(event.name());
    switch (event.kind()) {
      case RUN -> {
        verbose = true;
        goOn(Optional.of(tests.begin(event.name())));
      }
      case PAUSE -> {
        test.ifPresent(tests::pause);
        goOn(test.flatMap(tests::around));
      }
      case CONT, NAME, FUZZ -> {
        test.ifPresent(tests::resume);
        goOn(test);
      }
      case ATTR, ARTIFACTS -> {
        goOn(test);
        print(test, line);
      }
      case VERDICT -> {
        tests.endBenchmarks(Optional.empty());
        goOn(Optional.empty());
        verdict = event.name();
      }
      case PASS -> report(event, Status.PASSED);
      case FAIL -> report(event, Status.FAILED);
      case SKIP -> report(event, Status.SKIPPED);
      // It is known by another name, with the number of processors.
      case BENCH -> print(current, line);
    }
  }

  private void goOn(Optional<RunningTest> with) {
    reported.clear();
    current = with;
  }

  private void report(GoTestEvent event, Status status) {
    RunningTest test =
        tests
            .find(event.name())
            .filter(it -> verbose || !it.ended())
            .orElseGet(() -> tests.begin(event.name()));
    tests.end(test, status, event.duration());
    if (event.isFailure()) {
      justFailed.add(test);
    }
    reported.subList(Math.min(event.depth(), reported.size()), reported.size()).clear();
    reported.add(test);
    List<RunningTest> active = tests.active();
    current = active.size() == 1 ? Optional.of(active.getFirst()) : Optional.empty();
  }

  void printed(String line) {
    if (crash.isEmpty() && Crash.begins(line)) {
      crash = Optional.of(new Crash(printedBy(line)));
    }
    crash.ifPresentOrElse(it -> it.add(line), () -> print(printedBy(line), line));
  }

  private void print(Optional<RunningTest> by, String line) {
    by.ifPresentOrElse(test -> test.print(line), () -> outside.add(line));
  }

  /** Without -test.v, what a test logged is indented below its report. */
  private Optional<RunningTest> printedBy(String line) {
    if (current.isPresent() || reported.isEmpty()) {
      return current;
    }
    int depth = (line.length() - line.stripLeading().length()) / GoTestEvent.INDENT;
    if (depth > 0) {
      return Optional.of(reported.get(Math.min(depth, reported.size()) - 1));
    }
    // What it printed, and what it should have.
    return Optional.of(reported.getFirst()).filter(it -> it.isExample() && it.failed());
  }

  TestResults results() {
    crash.ifPresent(this::conclude);
    crash = Optional.empty();
    return new TestResults(tests.results(), outside, verdict);
  }

  private void conclude(Crash last) {
    List<String> trace = last.trace();
    verdict = trace.getFirst();
    Map<String, Duration> timedOut = last.timedOut();
    timedOut.forEach(
        (name, duration) ->
            tests.fail(tests.find(name).orElseGet(() -> tests.begin(name)), duration));
    Optional<RunningTest> culprit =
        timedOut.isEmpty() ? culprit(last) : innermost(timedOut.keySet().stream().toList());
    culprit.filter(it -> !it.ended()).ifPresent(it -> tests.fail(it, Duration.ZERO));
    trace.forEach(line -> print(culprit, line));
    timedOut.keySet().stream()
        .map(tests::find)
        .filter(it -> !it.equals(culprit))
        .forEach(other -> print(other, verdict));
  }

  private Optional<RunningTest> innermost(List<String> names) {
    return names.stream().max(Comparator.comparingInt(String::length)).flatMap(tests::find);
  }

  private Optional<RunningTest> culprit(Crash last) {
    if (last.reported() && !justFailed.isEmpty()) {
      return innermost(justFailed.stream().map(RunningTest::name).toList());
    }
    List<RunningTest> active = tests.active();
    return active.size() == 1
        ? Optional.of(active.getFirst())
        : active.stream()
            .filter(last::names)
            .findFirst()
            .or(() -> current.filter(active::contains));
  }
}
