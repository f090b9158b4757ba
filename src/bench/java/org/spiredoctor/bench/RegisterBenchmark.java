package org.spiredoctor.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long it takes to register 1, 1,000 and 10,000 entries at a server in a cluster: {@code
 * spire-doctor register}, beside {@code spire-server entry create -data} in the server's pod, of
 * the same file. They take turns; before each turn the server has none of these entries.
 *
 * <p>Needs kubectl, a kubeconfig of a cluster whose entries below {@code /benchmark} may be
 * deleted, and {@code target/spire-doctor}. Argument: how many rounds.
 */
public final class RegisterBenchmark {
  private static final String NATIVE = "target/spire-doctor";
  private static final String SERVER =
      "kubectl exec -i -n spire-system spire-server-0 -c spire-server --"
          + " /opt/spire/bin/spire-server ";
  private static final int LIMIT_SECONDS = 600;

  private final Path directory;

  private RegisterBenchmark(Path directory) {
    this.directory = directory;
  }

  /** Prints a table in Markdown. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, RunFailedException {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    try (Scratch scratch = Scratch.create()) {
      RegisterBenchmark benchmark = new RegisterBenchmark(scratch.directory("entries"));
      benchmark.clear();
      System.out.println(Machine.here() + ", medians of " + rounds + " rounds, in seconds\n");
      System.out.println(
          "| entries | register | nothing to change | entry create -data | ratio, and of each round |\n"
              + "| ---: | ---: | ---: | ---: | ---: |");
      for (int entries : new int[] {1, 1_000, 10_000}) {
        System.out.println(benchmark.row(entries, rounds));
      }
      benchmark.clear();
    }
  }

  private String row(int entries, int rounds)
      throws IOException, InterruptedException, RunFailedException {
    String file = write(entries).toString();
    Map<String, String> contestants = new LinkedHashMap<>();
    contestants.put("register", NATIVE + " register -f " + file);
    contestants.put("again", NATIVE + " register -f " + file);
    contestants.put("data", SERVER + "entry create -data - < " + file);
    Map<String, List<Double>> times = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<String, String> one : contestants.entrySet()) {
        if (!one.getKey().equals("again")) {
          clear();
        }
        long began = System.nanoTime();
        sh(one.getValue());
        double seconds = (System.nanoTime() - began) / 1e9;
        times.computeIfAbsent(one.getKey(), _ -> new ArrayList<>()).add(seconds);
      }
    }
    List<Double> ours = times.getOrDefault("register", List.of());
    List<Double> theirs = times.getOrDefault("data", List.of());
    Samples ratios =
        new Samples(IntStream.range(0, rounds).mapToObj(i -> ours.get(i) / theirs.get(i)).toList());
    return "| %,d | %s | %s | %s | %s× (%s to %s) |"
        .formatted(
            entries,
            new Samples(ours).spread(),
            new Samples(times.getOrDefault("again", List.of())).spread(),
            new Samples(theirs).spread(),
            Unit.number(ratios.median()),
            Unit.number(ratios.min()),
            Unit.number(ratios.max()));
  }

  /** As 'spire-server entry create -data' reads it, and 'spire-doctor register -f' too. */
  private Path write(int entries) throws IOException {
    String all =
        IntStream.range(0, entries)
            .mapToObj(
                i ->
                    """
                    {"spiffe_id":"spiffe://example.org/benchmark/ns/apps/sa/%1$d",\
                    "parent_id":"spiffe://example.org/spire-agent",\
                    "selectors":[{"type":"k8s","value":"ns:apps"},{"type":"k8s","value":"sa:s%1$d"}]}"""
                        .formatted(i))
            .collect(Collectors.joining(",\n", "{\"entries\":[\n", "\n]}\n"));
    return Files.writeString(directory.resolve(entries + ".json"), all);
  }

  /** Deletes what is below {@code /benchmark}, a thousand at a time. */
  private void clear() throws IOException, InterruptedException, RunFailedException {
    List<String> ids = new ArrayList<>();
    String id = "";
    for (String line : sh(SERVER + "entry show").lines().toList()) {
      if (line.startsWith("Entry ID")) {
        id = line.substring(line.indexOf(':') + 1).strip();
      } else if (line.startsWith("SPIFFE ID") && line.contains("/benchmark/")) {
        ids.add('"' + id + '"');
      }
    }
    for (int from = 0; from < ids.size(); from += 1000) {
      List<String> some = ids.subList(from, Math.min(ids.size(), from + 1000));
      Path file = directory.resolve("ids.json");
      Files.writeString(file, "{\"ids\":[" + String.join(",", some) + "]}");
      String _ = sh(SERVER + "entry delete -file - < " + file);
    }
  }

  private String sh(String command) throws IOException, InterruptedException, RunFailedException {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder("sh", "-c", command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      Stream.concat(process.descendants(), Stream.of(process.toHandle()))
          .forEach(ProcessHandle::destroyForcibly);
    }
    try (InputStream said = Files.newInputStream(output)) {
      String text = new String(said.readAllBytes(), StandardCharsets.UTF_8);
      if (!ended || process.exitValue() != 0) {
        String end = text.substring(Math.max(0, text.length() - 500));
        throw new RunFailedException(command + (ended ? " failed: " : " took too long: ") + end);
      }
      return text;
    }
  }
}
