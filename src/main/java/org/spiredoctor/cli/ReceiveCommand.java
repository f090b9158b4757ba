package org.spiredoctor.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.run.Announced;
import org.spiredoctor.run.ExecutableReceiver;
import org.spiredoctor.wait.FileArrival;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spire-doctor receive}. */
@Command(
    name = "receive",
    description = {
      "In a pod: take an executable on standard input, verify it, and put it in its place.",
      "It appears under its name in one step, or not at all. With --await, wait until another"
          + " 'receive' has put it there."
    },
    footerHeading = "%nExit codes: 0 it is there, 1 it is not, 2 wrong usage, 143 stopped%n",
    footer = {
      "%nExamples:",
      "  spire-doctor receive /tests/tests.bin --await --timeout 120s",
      "  spire-doctor receive /tests/tests.bin --length 4194304 --sha256 HEX"
    })
final class ReceiveCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "The file to make; it is replaced")
  private Path file = Path.of("");

  @Option(names = "--length", paramLabel = "BYTES", description = "How many bytes will come")
  private @Nullable Long length;

  @Option(names = "--sha256", paramLabel = "HEX", description = "The SHA-256 of these bytes")
  private @Nullable String sha256;

  @Option(names = "--await", description = "Take nothing: wait until the file is there")
  private boolean await;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "120s",
      description = "With --await: when to give up (default: 120s)")
  private Duration timeout = Duration.ZERO;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "2s",
      description = "With --await: between two lines of progress (default: 2s)")
  private Duration interval = Duration.ZERO;

  ReceiveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws UsageException, InterruptedException {
    if (await) {
      if (length != null || sha256 != null) {
        throw new UsageException("--await takes nothing: --length and --sha256 do not go with it");
      }
      return arrived() ? ExitCode.OK : ExitCode.PROBLEMS;
    }
    if (length == null || sha256 == null) {
      throw new UsageException("--length and --sha256 must say what will come");
    }
    Announced announced;
    try {
      announced = new Announced(length, sha256);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    try {
      new ExecutableReceiver(file).take(System.in, announced);
    } catch (IOException e) {
      terminal.complain("receive " + file + ": " + words(e));
      return ExitCode.PROBLEMS;
    }
    terminal.print("✅ Received " + file + ", " + length + " bytes");
    return ExitCode.OK;
  }

  private static String words(IOException e) {
    return e instanceof FileSystemException failed && failed.getReason() != null
        ? failed.getFile() + ": " + failed.getReason()
        : String.valueOf(e.getMessage());
  }

  private boolean arrived() throws InterruptedException, UsageException {
    if (interval.isZero()) {
      throw new UsageException("--interval must be more than nothing");
    }
    terminal.print("Waiting for the test binary to be copied to " + file + "...");
    boolean there =
        new FileArrival(file, timeout, interval)
            .await(
                waited -> {
                  if (waited.toSeconds() > 0) {
                    terminal.print("Not copied yet (waited " + waited.toSeconds() + "s)");
                  }
                });
    terminal.print(
        there
            ? "✅ Binary copied: " + file
            : "ERROR: Binary not copied after " + timeout.toSeconds() + "s");
    return there;
  }
}
