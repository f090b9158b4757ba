package org.spiredoctor.bench;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command line.
 *
 * @param runs measured runs of each contestant
 * @param slowRuns measured runs of those that take seconds, because they sleep
 * @param nativeBinary the native spire-doctor
 * @param jar the runnable jar of spire-doctor
 * @param socket of an agent that serves; absent: one is started for the benchmark
 * @param out where the table is written, too
 */
record Options(
    int runs,
    int slowRuns,
    Path nativeBinary,
    Path jar,
    Optional<Path> socket,
    Optional<Path> out) {
  static final String USAGE =
      """
      Usage: Benchmark [--runs N] [--slow-runs N] [--native FILE] [--jar FILE] [--socket PATH] [--out FILE]
        --runs N       measured runs of each contestant (default: 20)
        --slow-runs N  measured runs of those that sleep for seconds (default: 5)
        --native FILE  the native spire-doctor (default: target/spire-doctor)
        --jar FILE     the jar of spire-doctor (default: target/quarkus-app/quarkus-run.jar)
        --socket PATH  the Workload API of a running SPIRE agent (default: $SPIFFE_ENDPOINT_SOCKET;
                       else spire-server and spire-agent of the PATH are started for the benchmark)
        --out FILE     write the table to FILE, too
      """;

  /** Reads the flags; a flag beats a variable. */
  static Options parse(List<String> arguments, Map<String, String> environment)
      throws WrongUsageException {
    int runs = 20;
    int slowRuns = 5;
    Path nativeBinary = Path.of("target", "spire-doctor");
    Path jar = Path.of("target", "quarkus-app", "quarkus-run.jar");
    String variable = environment.getOrDefault("SPIFFE_ENDPOINT_SOCKET", "");
    Optional<Path> socket = variable.isEmpty() ? Optional.empty() : Optional.of(socket(variable));
    Optional<Path> out = Optional.empty();
    Iterator<String> words = arguments.iterator();
    while (words.hasNext()) {
      String flag = words.next();
      switch (flag) {
        case "--runs" -> runs = count(flag, value(flag, words));
        case "--slow-runs" -> slowRuns = count(flag, value(flag, words));
        case "--native" -> nativeBinary = Path.of(value(flag, words));
        case "--jar" -> jar = Path.of(value(flag, words));
        case "--socket" -> socket = Optional.of(socket(value(flag, words)));
        case "--out" -> out = Optional.of(Path.of(value(flag, words)));
        default -> throw new WrongUsageException("unknown: " + flag);
      }
    }
    return new Options(runs, Math.min(slowRuns, runs), nativeBinary, jar, socket, out);
  }

  private static String value(String flag, Iterator<String> words) throws WrongUsageException {
    if (!words.hasNext()) {
      throw new WrongUsageException(flag + " needs a value");
    }
    return words.next();
  }

  private static int count(String flag, String value) throws WrongUsageException {
    try {
      int count = Integer.parseInt(value);
      if (count > 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new WrongUsageException(flag + " must be a whole number above 0, not " + value);
  }

  /** A path, or a path as the SPIFFE Workload Endpoint specification writes it. */
  private static Path socket(String address) throws WrongUsageException {
    String path = address.startsWith("unix:") ? address.substring("unix:".length()) : address;
    path = path.startsWith("//") ? path.substring(2) : path;
    if (path.isEmpty() || path.contains("://")) {
      throw new WrongUsageException("the address of a Unix socket is needed, not " + address);
    }
    return Path.of(path).toAbsolutePath();
  }
}
