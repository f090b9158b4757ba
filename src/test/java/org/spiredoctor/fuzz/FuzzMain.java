package org.spiredoctor.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Feeds readers with what Jazzer makes of their corpus, each in a process of its own, as many at a
 * time as there are processors: {@code ./mvnw -Pfuzz verify -Dfuzz.arguments="SECONDS
 * [READER...]"}. What a reader fails at is in {@code target/fuzz}, and belongs into its corpus.
 */
final class FuzzMain {
  private static final Path WORK = Path.of("target/fuzz");

  private FuzzMain() {}

  /** Ends with 1 where a reader failed. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    List<String> names = Stream.of(arguments).skip(1).toList();
    Map<Fuzzed, Future<Integer>> fed = new EnumMap<>(Fuzzed.class);
    List<String> failed = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      for (Fuzzed fuzzed : Fuzzed.values()) {
        if (names.isEmpty() || names.contains(fuzzed.id())) {
          fed.put(fuzzed, threads.submit(() -> feed(fuzzed, arguments[0])));
        }
      }
      for (Map.Entry<Fuzzed, Future<Integer>> one : fed.entrySet()) {
        boolean whole = one.getValue().get() == 0;
        System.out.println("=== " + one.getKey().id());
        Files.copy(log(one.getKey()), System.out);
        if (!whole) {
          failed.add(one.getKey().id());
        }
      }
    }
    System.out.println(failed.isEmpty() ? "no reader failed" : "failed: " + failed);
    System.exit(failed.isEmpty() ? 0 : 1);
  }

  private static Path log(Fuzzed fuzzed) {
    return WORK.resolve(fuzzed.id()).resolve("log");
  }

  private static int feed(Fuzzed fuzzed, String seconds) throws IOException, InterruptedException {
    Path found = Files.createDirectories(WORK.resolve(fuzzed.id()).resolve("corpus"));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            // Else it takes 1.6 GB.
            "-Xmx700m",
            "-XX:+UseSerialGC",
            "-XX:+EnableDynamicAgentLoading",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-classpath",
            System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + fuzzed.type().getName(),
            "--instrumentation_includes=org.spiredoctor.**",
            "--custom_hook_includes=org.spiredoctor.**",
            "--reproducer_path=" + WORK,
            "-artifact_prefix=" + WORK.resolve(fuzzed.id()) + "/",
            "-max_total_time=" + seconds,
            // The first text loads and instruments what the reader is made of.
            "-timeout=60",
            "-rss_limit_mb=2000",
            "-max_len=65536",
            found.toString(),
            fuzzed.corpus().toString())
        .redirectErrorStream(true)
        .redirectOutput(log(fuzzed).toFile())
        .start()
        .waitFor();
  }
}
