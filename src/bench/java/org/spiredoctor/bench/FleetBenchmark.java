package org.spiredoctor.bench;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.spiredoctor.diagnosis.Growing;

/**
 * How long the verdict over a whole fleet takes: all that {@code check} does of what was gathered,
 * up to the report in text and JSON. Every fork begins cold, as the program does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class FleetBenchmark {
  private static final int FORKS = 3;

  /** What is wrong with the pods. */
  @Param({"healthy pods", "pods without an owner", "pods on nodes without agents"})
  public String kind = "";

  /** How many there are. */
  @Param({"100", "1000", "10000", "100000"})
  public int pods;

  private Supplier<String> work = () -> "";

  /** Makes the cluster; not measured. */
  @Setup
  public void make() {
    work = Growing.verdict(kind, pods);
  }

  /** Reads what was gathered, applies every rule, ranks, and writes both reports. */
  @Benchmark
  public String judge() {
    return work.get();
  }

  /** Runs it in fresh JVMs with two processors, and prints a table in Markdown. */
  public static void main(String[] arguments) throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(FleetBenchmark.class.getName() + ".judge")
                    .forks(arguments.length > 0 ? Integer.parseInt(arguments[0]) : FORKS)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .jvmArgs(
                        "-Xmx6g",
                        "-XX:ActiveProcessorCount=2",
                        "--sun-misc-unsafe-memory-access=allow")
                    .build())
            .run();
    System.out.println("\n" + Machine.here() + ", Java " + Runtime.version() + "\n");
    System.out.println(
        "| pods | what is wrong | median, ms | min to max | to a tenth of the pods |");
    System.out.println("| ---: | --- | ---: | ---: | ---: |");
    Map<String, Map<Integer, double[]>> byKind = new TreeMap<>();
    for (RunResult run : results) {
      byKind
          .computeIfAbsent(run.getParams().getParam("kind"), _ -> new TreeMap<>())
          .put(Integer.valueOf(run.getParams().getParam("pods")), times(run));
    }
    byKind.forEach((kind, rows) -> rows.forEach((pods, times) -> print(kind, pods, times, rows)));
  }

  private static double[] times(RunResult run) {
    return run.getBenchmarkResults().stream()
        .map(BenchmarkResult::getPrimaryResult)
        .mapToDouble(result -> result.getScore())
        .sorted()
        .toArray();
  }

  private static void print(String kind, int pods, double[] times, Map<Integer, double[]> rows) {
    double[] tenth = rows.getOrDefault(pods / 10, new double[0]);
    String growth = tenth.length == 0 ? "" : "%.1f×".formatted(median(times) / median(tenth));
    System.out.printf(
        "| %,d | %s | %,.0f | %,.0f to %,.0f | %s |%n",
        pods, kind, median(times), times[0], times[times.length - 1], growth);
  }

  private static double median(double[] sorted) {
    return DoubleStream.of(sorted[(sorted.length - 1) / 2], sorted[sorted.length / 2])
        .average()
        .orElse(0);
  }
}
