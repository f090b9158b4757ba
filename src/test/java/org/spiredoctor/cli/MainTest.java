package org.spiredoctor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.report.Style;

class MainTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static List<Throwable> failures() {
    return List.of(
        new StackOverflowError(),
        new OutOfMemoryError("Java heap space"),
        new IllegalStateException("our own fault"));
  }

  /** A terminal on which nothing can be printed. */
  private Terminal failing(Throwable failure) {
    PrintStream out =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            if (failure instanceof Error error) {
              throw error;
            }
            throw (RuntimeException) failure;
          }
        };
    return new Terminal(
        out,
        new PrintStream(err, true, StandardCharsets.UTF_8),
        new Style(false, true, 80),
        Map.of());
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whateverFailsIsOneLine(Throwable failure) {
    assertThat(Main.run(failing(failure), "check", "--list")).isEqualTo(ExitCode.UNKNOWN);
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "spire-doctor: check failed unexpectedly: "
                + failure
                + " (this is a fault of spire-doctor; --debug shows where)");
  }

  @Test
  void yesWithoutAQuestionIsWrongUsage() {
    Terminal terminal =
        new Terminal(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new Style(false, true, 80),
            Map.of());
    assertThat(Main.run(terminal, "check", "--yes", "--list")).isEqualTo(ExitCode.OK);
    assertThat(Main.run(terminal, "check", "--yes", "--socket", "/nonexistent/api.sock"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("does not go without --fix");
  }

  /** Neither as a pod that is not ready yet (1), nor as one that is. */
  @ParameterizedTest
  @MethodSource("failures")
  void aWaitThatFailsHasAnExitCodeOfItsOwn(Throwable failure) {
    assertThat(Main.run(failing(failure), "wait", "--socket", "/nonexistent/api.sock"))
        .isEqualTo(ExitCode.UNKNOWN);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("wait failed unexpectedly: ");
  }

  private static Stream<List<String>> linesOfOneCommand() {
    return Stream.of("wait", "check", "register", "run", "receive", "bundle", "explain")
        .flatMap(
            command ->
                Stream.of(
                        List.of("--help"),
                        List.of("--nonsense"),
                        List.of("--debg"),
                        List.of("--timeout", "never"),
                        List.of("chekc", "wait", "wait"),
                        List.of("--version"))
                    .map(rest -> Stream.concat(Stream.of(command), rest.stream()).toList()));
  }

  /** Only its own model is built for a command; a {@code --debug} before it leads to all. */
  @ParameterizedTest
  @MethodSource("linesOfOneCommand")
  void aCommandAloneSpeaksAsItDoesAmongAll(List<String> line) {
    List<String> amongAll = Stream.concat(Stream.of("--debug"), line.stream()).toList();
    assertThat(outcome(line)).isEqualTo(outcome(amongAll)).contains("spire-doctor");
  }

  /** Exit code, standard output and standard error. */
  private static String outcome(List<String> line) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(both, true, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(stream, stream, new Style(false, true, 80), Map.of());
    int code = Main.run(terminal, line.toArray(String[]::new));
    // Where an argument stands is counted from the line's first.
    return code + "\n" + both.toString(StandardCharsets.UTF_8).replaceAll("index \\d+", "index");
  }

  @Test
  void debugShowsWhere() {
    int code = Main.run(failing(new StackOverflowError()), "check", "--list", "--debug");
    assertThat(code).isEqualTo(ExitCode.UNKNOWN);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("\tat org.spiredoctor.cli.");
  }
}
