package org.spiredoctor.run.binary;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A Go package's tests, built as one static binary for a container without anything else. */
public final class GoPackage {
  private GoPackage() {}

  /** The tests did not compile; the compiler has said why. */
  public static final class BuildException extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;

    private BuildException(String message, int code) {
      super(message);
      this.code = code;
    }

    /** The exit code of {@code go}. */
    public int code() {
      return code;
    }
  }

  /**
   * Builds it.
   *
   * @param name as {@code go test} takes it, {@code ./internal/spire}
   * @param architecture as Go names it
   * @param into a directory
   * @param said is given what {@code go} says
   * @throws IOException when what it built is no executable for a container
   */
  public static TestBinary build(String name, String architecture, Path into, Consumer<String> said)
      throws IOException, BuildException, InterruptedException {
    Path file = into.resolve(fileName(name));
    ProcessBuilder go =
        new ProcessBuilder(List.of("go", "test", "-c", "-o", file.toString(), name));
    go.environment().put("CGO_ENABLED", "0");
    go.environment().put("GOOS", "linux");
    go.environment().put("GOARCH", architecture);
    go.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    // What it says is for who waits, and not a result.
    go.redirectErrorStream(true);
    Process process = started(go);
    try (BufferedReader reader = process.inputReader()) {
      reader.lines().forEach(said);
    }
    int code = process.waitFor();
    if (code != 0) {
      throw new BuildException("go test -c " + name + " failed (exit code: " + code + ")", code);
    }
    if (!Files.exists(file)) {
      throw new BuildException("package " + name + " has no tests", 1);
    }
    return TestBinary.of(file);
  }

  private static Process started(ProcessBuilder go) throws BuildException {
    try {
      return go.start();
    } catch (IOException e) {
      throw new BuildException("go is not on the PATH, and --package needs it: " + e, 2);
    }
  }

  /** As {@code go test -c} would name it. */
  private static String fileName(String name) {
    Path last = Path.of(name).toAbsolutePath().normalize().getFileName();
    String plain = (last == null ? "tests" : last.toString()).replaceAll("[^A-Za-z0-9_.-]", "_");
    return plain + ".test";
  }
}
