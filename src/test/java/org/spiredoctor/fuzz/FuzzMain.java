package org.spiredoctor.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Feeds readers with what Jazzer makes of their corpus, one after the other, each in a process of
 * its own: {@code ./mvnw -Pfuzz verify -Dfuzz.arguments="SECONDS [READER...]"}. What a reader fails
 * at is in {@code target/fuzz}, and belongs into its corpus.
 */
final class FuzzMain {
  private static final Path WORK = Path.of("target/fuzz");

  private FuzzMain() {}

  /** Ends with 1 where a reader failed. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> names = Stream.of(arguments).skip(1).toList();
    List<String> failed = new ArrayList<>();
    for (Fuzzed fuzzed : Fuzzed.values()) {
      if (names.isEmpty() || names.contains(fuzzed.id())) {
        System.out.println("=== " + fuzzed.id());
        if (feed(fuzzed, arguments[0]) != 0) {
          failed.add(fuzzed.id());
        }
      }
    }
    System.out.println(failed.isEmpty() ? "no reader failed" : "failed: " + failed);
    System.exit(failed.isEmpty() ? 0 : 1);
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
        .inheritIO()
        .start()
        .waitFor();
  }
}
