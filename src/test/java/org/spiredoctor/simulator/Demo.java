package org.spiredoctor.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Shows the program at work, without a SPIRE: a recorded cluster that is diagnosed from outside;
 * then from inside a pod that starts before its agent, one for which there is no entry yet, and one
 * that is well.
 */
public final class Demo {
  private final Path jar;
  private final Path socket;

  private Demo(Path jar, Path directory) {
    this.jar = jar;
    this.socket = directory.resolve("api.sock");
  }

  /** Takes the program's jar; ends with 0 when all went as it should. */
  public static void main(String... args) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("spire-doctor-demo");
    try {
      new Demo(Path.of(args[0]), directory).run();
    } finally {
      Files.deleteIfExists(directory.resolve("api.sock"));
      Files.deleteIfExists(directory);
    }
  }

  private void run() throws IOException, InterruptedException {
    say("A recorded cluster, in which integration tests die of 'context deadline exceeded'");
    end(start("check", "--from", "src/test/resources/bundles/seed-entry-missing.json.gz"), 1);

    say("The container starts before the agent of its node: wait bridges that");
    Process waiting = start("wait", "--interval", "1s");
    boolean _ = waiting.waitFor(2500, TimeUnit.MILLISECONDS);
    SimulatedAgent denying = SimulatedAgent.start(socket, Fault.NO_IDENTITY);
    end(waiting, 0);

    say("There is no entry for it: check says so");
    end(start("check"), 1);
    denying.shutDown();

    say("The entry is made while wait --for identity is waiting, and check is content");
    try (SimulatedAgent _ =
        SimulatedAgent.start(socket, Fault.LATE_IDENTITY, Duration.ofSeconds(4))) {
      end(start("wait", "--for", "identity", "--interval", "1s"), 0);
      end(start("check"), 0);
    }
  }

  private static void say(String what) {
    System.out.println("\n# " + what);
  }

  private Process start(String... arguments) throws IOException {
    System.out.println("$ spire-doctor " + String.join(" ", arguments));
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                jar.toString()));
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words).inheritIO();
    builder.environment().put("SPIFFE_ENDPOINT_SOCKET", "unix://" + socket);
    return builder.start();
  }

  private static void end(Process process, int expected) throws InterruptedException {
    int code = process.waitFor();
    System.out.println("(exit code " + code + ")");
    if (code != expected) {
      throw new IllegalStateException("exit code " + code + " instead of " + expected);
    }
  }
}
