package org.spiredoctor.bench;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
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
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.spiredoctor.identity.Candidates;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch;
import org.spiredoctor.identity.EntryMatcher;
import org.spiredoctor.identity.K8sSelectors;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Pod;

/**
 * How long it takes to judge 10,000 pods by the entries of a server: what {@code check} does of a
 * whole cluster between gathering and reporting. Every fork begins cold, as the program does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class MatchingBenchmark {
  private static final int PODS = 10_000;
  private static final int ITERATIONS = 5;
  private static final int FORKS = 5;

  /** How many entries the server has. */
  @Param({"1000", "3000", "10000", "30000", "100000"})
  public int entries;

  private Herd herd = Herd.of(0, 0);

  /** Makes the pods and the entries; not measured. */
  @Setup
  public void make() {
    herd = Herd.of(entries, PODS);
  }

  /** Files the entries, finds which pods each serves, and judges every pod. */
  @Benchmark
  public Map<EntryMatch.Kind, Integer> judge() {
    EntryMatcher judge = new EntryMatcher(herd.entries(), Instant.EPOCH);
    Map<String, Set<String>> takers = new HashMap<>();
    for (Pod pod : herd.pods()) {
      for (Set<Selector> selectors : K8sSelectors.USUAL.ofEach(pod)) {
        for (Entry entry : judge.matching(selectors)) {
          takers.computeIfAbsent(entry.id(), _ -> new HashSet<>()).add(Herd.maker(pod));
        }
      }
    }
    Map<EntryMatch.Kind, Integer> kinds = new EnumMap<>(EntryMatch.Kind.class);
    for (Pod pod : herd.pods()) {
      Set<Selector> selectors = K8sSelectors.USUAL.of(pod, pod.containers().getLast());
      EntryMatch entryMatch =
          judge.of(
              selectors,
              Candidates.of(herd.agents(pod.node())),
              _ -> true,
              entry ->
                  takers.getOrDefault(entry.id(), Set.of()).stream()
                      .anyMatch(maker -> !maker.equals(Herd.maker(pod))));
      kinds.merge(entryMatch.kind(), 1, Integer::sum);
    }
    return kinds;
  }

  /** Runs it in fresh JVMs of 512 MiB and two processors, and prints a table in Markdown. */
  public static void main(String[] arguments) throws RunnerException {
    System.out.println(new MatchingBenchmark().herdInWords());
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(MatchingBenchmark.class.getName() + ".judge")
                    .forks(arguments.length > 0 ? Integer.parseInt(arguments[0]) : FORKS)
                    .warmupIterations(0)
                    .measurementIterations(ITERATIONS)
                    .addProfiler(Footprint.class)
                    .jvmArgs(
                        "-Xmx512m",
                        "-XX:ActiveProcessorCount=2",
                        "--sun-misc-unsafe-memory-access=allow")
                    .build())
            .run();
    System.out.println("\n" + Machine.here() + ", Java " + Runtime.version() + "\n");
    System.out.println(
        "| entries | in a fresh JVM, ms | CPU time of all threads, ms | after 4 runs, ms | peak heap, MiB |\n"
            + "| ---: | ---: | ---: | ---: | ---: |");
    Map<Integer, RunResult> byEntries = new TreeMap<>();
    results.forEach(r -> byEntries.put(Integer.parseInt(r.getParams().getParam("entries")), r));
    byEntries.forEach(
        (entries, run) ->
            System.out.printf(
                "| %,d | %s | %s | %s | %s |%n",
                entries,
                spread(times(run, 0)),
                spread(secondary(run, Footprint.CPU)),
                spread(times(run, ITERATIONS - 1)),
                spread(secondary(run, Footprint.HEAP))));
  }

  private String herdInWords() {
    entries = 100_000;
    make();
    return judge() + " of " + PODS + " pods";
  }

  private static DoubleStream times(RunResult run, int iteration) {
    return each(run, iteration, result -> result.getPrimaryResult().getScore());
  }

  private static DoubleStream secondary(RunResult run, String label) {
    return each(
        run,
        0,
        result ->
            result.getSecondaryResults().values().stream()
                .filter(secondary -> secondary.getLabel().equals(label))
                .mapToDouble(secondary -> secondary.getScore())
                .sum());
  }

  /** Of one iteration of every fork. */
  private static DoubleStream each(
      RunResult run, int iteration, ToDoubleFunction<IterationResult> value) {
    return run.getBenchmarkResults().stream()
        .map(BenchmarkResult::getIterationResults)
        .map(List::copyOf)
        .mapToDouble(results -> value.applyAsDouble(results.get(iteration)));
  }

  /** {@code 420 (401 to 477)}. */
  private static String spread(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    return "%.0f (%.0f to %.0f)"
        .formatted(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
  }
}
