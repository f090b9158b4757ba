package org.spiredoctor.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * How long it takes from the start of a CI step to the first line of its tests, and to its end:
 * {@code spire-doctor run} beside a shell script that does the same with kubectl and busybox. They
 * take turns, with the same test binary, in the same cluster, each with its entries there already.
 *
 * <p>Needs kubectl and {@code svid-test} on the path, a kubeconfig, {@code target/spire-doctor},
 * and in the cluster the images {@code SPIRE_DOCTOR_IMAGE} and {@code SHELL_IMAGE}. Argument: how
 * many rounds.
 */
public final class RunBenchmark {
  private static final String SCRIPT = "src/bench/shell/run-integration-tests.sh";
  private static final int LIMIT_SECONDS = 300;

  /** When it was there, in seconds since the start. */
  private record Times(double firstLine, double end) {}

  private RunBenchmark() {}

  /** Prints a table in Markdown. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, RunFailedException {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    String binary =
        new SearchPath(System.getenv("PATH"))
            .find("svid-test")
            .orElseThrow(() -> new RunFailedException("svid-test is not on the PATH"))
            .toString();
    Map<String, List<String>> contestants = new LinkedHashMap<>();
    contestants.put("`spire-doctor run`", List.of("target/spire-doctor", "run", binary));
    contestants.put("shell script", List.of("bash", SCRIPT, binary));
    print(measure(contestants, rounds), rounds);
  }

  private static Map<String, List<Times>> measure(Map<String, List<String>> contestants, int rounds)
      throws IOException, InterruptedException, RunFailedException {
    Map<String, List<Times>> times = new LinkedHashMap<>();
    // The first round makes the entries, and does not count.
    for (int round = 0; round <= rounds; round++) {
      for (Map.Entry<String, List<String>> one : contestants.entrySet()) {
        Times taken = run(one.getValue());
        if (round > 0) {
          times.computeIfAbsent(one.getKey(), _ -> new ArrayList<>()).add(taken);
        }
      }
    }
    return times;
  }

  private static Times run(List<String> command)
      throws IOException, InterruptedException, RunFailedException {
    long began = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    double first = -1;
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (first < 0 && line.startsWith("=== RUN")) {
          first = since(began);
        }
      }
    }
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)
        || process.exitValue() != 0
        || first < 0) {
      process.destroyForcibly();
      throw new RunFailedException(String.join(" ", command) + " failed");
    }
    return new Times(first, since(began));
  }

  private static double since(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private static void print(Map<String, List<Times>> times, int rounds) {
    List<Times> ours = times.values().iterator().next();
    System.out.println(Machine.here() + ", medians of " + rounds + " rounds, in seconds\n");
    System.out.println("| | start to first line | ratio | start to end | ratio |");
    System.out.println("| --- | ---: | ---: | ---: | ---: |");
    times.forEach(
        (name, all) ->
            System.out.println(
                "| %s | %s | %s | %s | %s |"
                    .formatted(
                        name,
                        new Samples(all.stream().map(Times::firstLine).toList()).spread(),
                        ratio(
                            all.stream().map(Times::firstLine).toList(),
                            ours.stream().map(Times::firstLine).toList()),
                        new Samples(all.stream().map(Times::end).toList()).spread(),
                        ratio(
                            all.stream().map(Times::end).toList(),
                            ours.stream().map(Times::end).toList()))));
  }

  private static String ratio(List<Double> these, List<Double> ours) {
    return new Samples(
                IntStream.range(0, these.size()).mapToObj(i -> these.get(i) / ours.get(i)).toList())
            .spread()
        + "×";
  }
}
