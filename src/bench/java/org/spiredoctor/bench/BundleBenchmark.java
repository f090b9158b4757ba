package org.spiredoctor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.evidence.cluster.Bundle;
import org.spiredoctor.identity.Entry;

/**
 * How much time and memory {@code check --from} takes for a bundle with 1,000 to 1,000,000 entries,
 * each time in a fresh process: the native binary where there is one, and the JVM with a heap of
 * 800 MiB, which takes less than 1 GiB.
 *
 * <p>Needs {@code target/quarkus-app}. Argument: how many rounds.
 */
public final class BundleBenchmark {
  private static final Path NATIVE = Path.of("target", "spire-doctor");
  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final long BETWEEN_LOOKS_NANOS = 5_000_000;

  /** When the first of the entries was created; each of the others a minute later. */
  private static final long FIRST_CREATED = 1_700_000_000;

  private final Processes processes;

  private BundleBenchmark(Processes processes) {
    this.processes = processes;
  }

  /** What one process took. */
  private record Run(double seconds, double cpuSeconds, double peakMib) {}

  /** Prints a table in Markdown. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, RunFailedException {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
    try (Scratch scratch = Scratch.create();
        Processes processes = new Processes(scratch, scratch.directory("bin"))) {
      BundleBenchmark benchmark = new BundleBenchmark(processes);
      System.out.println(Machine.here() + ", medians of " + rounds + " rounds\n");
      System.out.println("| entries | file, MiB | | time, s | CPU time, s | peak memory, MiB |");
      System.out.println("| ---: | ---: | --- | ---: | ---: | ---: |");
      for (int entries : new int[] {1_000, 10_000, 100_000, 1_000_000}) {
        Path file = scratch.fresh("bundle");
        write(entries, file);
        benchmark.rows(entries, file, rounds).forEach(System.out::println);
        Files.delete(file);
      }
    }
  }

  /** A healthy cluster whose server has many more entries. */
  private static void write(int count, Path file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    entries.add(
        ClusterScene.entry(
            "web", ClusterScene.WEB, ClusterScene.ALIAS, "k8s:ns:apps", "k8s:sa:default"));
    Set<Entry.Key> keys = new HashSet<>();
    for (Entry entry : Herd.of(count, 0).entries()) {
      if (!entry.forNodes() && keys.add(entry.key())) {
        entries.add(created(entry, FIRST_CREATED + 60L * entries.size()));
      }
    }
    ClusterScene scene = ClusterScene.healthy().webEntry(entries.toArray(Entry[]::new));
    Bundle.write(scene.evidence().snapshot(), file);
  }

  private static Entry created(Entry entry, long at) {
    return new Entry(
        entry.id(),
        entry.spiffeId(),
        entry.parentId(),
        entry.selectors(),
        entry.expiresAt(),
        Optional.of(Instant.ofEpochSecond(at)),
        entry.downstream(),
        entry.storeSvid(),
        entry.hint(),
        entry.federatesWith(),
        entry.settings());
  }

  private List<String> rows(int entries, Path file, int rounds)
      throws IOException, InterruptedException, RunFailedException {
    Map<String, List<Run>> runs = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Doctor doctor : doctors()) {
        runs.computeIfAbsent(doctor.name(), _ -> new ArrayList<>())
            .add(once(doctor.with("check", "--from", file.toString())));
      }
    }
    double size = Files.size(file) / (double) (1 << 20);
    return runs.entrySet().stream()
        .map(
            one ->
                "| %,d | %s | %s | %s | %s | %s |"
                    .formatted(
                        entries,
                        Unit.number(size),
                        one.getKey(),
                        spread(one.getValue().stream().map(Run::seconds).toList()),
                        spread(one.getValue().stream().map(Run::cpuSeconds).toList()),
                        spread(one.getValue().stream().map(Run::peakMib).toList())))
        .toList();
  }

  private static List<Doctor> doctors() {
    Doctor jvm =
        new Doctor(
            "JVM, -Xmx800m",
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx800m",
                "-jar",
                JAR.toString()));
    return Files.isExecutable(NATIVE)
        ? List.of(new Doctor("native", List.of(NATIVE.toString())), jvm)
        : List.of(jvm);
  }

  private static String spread(List<Double> values) {
    return new Samples(values).spread();
  }

  /** Looks at what it has taken until it ends. */
  private Run once(List<String> command)
      throws IOException, InterruptedException, RunFailedException {
    try (Child child = processes.start(command)) {
      double peak = 0;
      double cpu = 0;
      Optional<Memory> seen = Memory.of(child.pid());
      while (seen.isPresent()) {
        peak = Math.max(peak, seen.get().peakMib());
        cpu = Math.max(cpu, cpuSeconds(child));
        LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        seen = Memory.of(child.pid());
      }
      return new Run((child.succeeded(LIMIT) - child.started()) / 1e9, cpu, peak);
    }
  }

  private static double cpuSeconds(Child child) {
    return ProcessHandle.of(child.pid())
        .flatMap(process -> process.info().totalCpuDuration())
        .map(taken -> taken.toMillis() / 1e3)
        .orElse(0.0);
  }
}
