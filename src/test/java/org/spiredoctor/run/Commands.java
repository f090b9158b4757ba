package org.spiredoctor.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Other programs, where the machine has them. */
public final class Commands {
  /** Neither fetches anything nor leaves anything behind in a home directory. */
  private static final Map<String, String> ALONE =
      Map.of(
          "CGO_ENABLED", "0",
          "GOFLAGS", "-mod=mod",
          "GOPROXY", "off",
          "GOTOOLCHAIN", "local",
          "GOWORK", "off",
          "KUBECONFIG", "/dev/null");

  private Commands() {}

  /** What a program said, on both of its outputs, and how it ended. */
  public record Outcome(int exitCode, String output) {}

  /** Where it is on the PATH, or among the given places; else the test is left out. */
  public static String need(String name, Path... elsewhere) {
    Optional<String> found =
        Stream.concat(
                Pattern.compile(":").splitAsStream(System.getenv().getOrDefault("PATH", "")),
                Stream.of(elsewhere).map(Path::toString))
            .map(directory -> Path.of(directory, name))
            .filter(Files::isExecutable)
            .map(Path::toString)
            .findFirst();
    if (found.isEmpty()) {
      System.out.println("left out: what is compared with " + name + " (it is not on the PATH)");
    }
    Assumptions.assumeTrue(found.isPresent(), name + " is not on the PATH");
    return found.orElseThrow();
  }

  public static String go() {
    return need("go", Path.of("/usr/local/go/bin"));
  }

  public static Outcome run(Path directory, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(ALONE);
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  /** One that must succeed. */
  public static String succeed(
      Path directory, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Outcome outcome = run(directory, environment, command);
    if (outcome.exitCode() != 0) {
      throw new AssertionError(command + ": " + outcome);
    }
    return outcome.output();
  }
}
