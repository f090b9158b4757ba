package org.spiredoctor.run.gotest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.run.Commands;
import org.spiredoctor.run.gotest.TestResults.Status;

/** Of real tests, where there is a Go to build them. */
class GoTestProgramTest {
  private static final String SOURCE =
      """
      package some

      import (
        "fmt"
        "os"
        "testing"
        "time"
      )

      func TestFails(t *testing.T) {
        t.Log("log of the whole")
        fmt.Println("printed by the whole")
        t.Run("good one", func(t *testing.T) {
          t.Log("log of the good")
          fmt.Print("no end of line")
        })
        t.Run("bad", func(t *testing.T) { t.Error("is bad\\nand more") })
        t.Log("again")
      }

      func TestSkips(t *testing.T) { t.Skip("not today") }

      func TestParts(t *testing.T) {
        for _, name := range []string{"x", "y"} {
          name := name
          t.Run(name, func(t *testing.T) {
            t.Parallel()
            t.Log("log of " + name)
          })
        }
        fmt.Println("        --- FAIL: TestFake (0.00s)")
      }

      func TestParallelOne(t *testing.T) { t.Parallel(); t.Log("log of one") }

      func TestParallelTwo(t *testing.T) { t.Parallel(); t.Log("log of two") }

      func FuzzSeed(f *testing.F) { f.Add(1); f.Fuzz(func(t *testing.T, i int) {}) }

      func Example() {
        fmt.Println("is")
        // Output: should be
      }

      func BenchmarkSome(b *testing.B) { b.Log("log of it") }

      // Not run unless it is asked for: it ends the program.
      func TestZ(t *testing.T) {
        t.Run("before", func(t *testing.T) {})
        t.Run("in", func(t *testing.T) {
          switch os.Getenv("END") {
          case "panic":
            panic("boom")
          case "goroutine":
            go func() { panic("boom") }()
            select {}
          case "timeout":
            time.Sleep(time.Hour)
          case "exit":
            os.Exit(3)
          case "print":
            fmt.Println("fatal error: only printed")
          }
        })
      }
      """;

  @TempDir private static Path directory;

  @BeforeAll
  static void build() throws Exception {
    String go = Commands.go();
    Files.writeString(directory.resolve("go.mod"), "module example.org/some\n\ngo 1.21\n");
    Files.writeString(directory.resolve("some_test.go"), SOURCE);
    Commands.succeed(directory, Map.of(), List.of(go, "test", "-c", "-o", "tests"));
  }

  private static TestResults run(String end, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(directory.resolve("tests").toString()));
    command.addAll(List.of(arguments));
    Commands.Outcome outcome = Commands.run(directory, Map.of("END", end), command);
    TestResults results = GoTestRecordings.read(outcome.output());
    assertThat(outcome.exitCode() == 0)
        .as(outcome.output())
        .isEqualTo(results.failures().isEmpty() && results.verdict().equals("PASS"));
    return results;
  }

  private static void isLogged(TestResults results, String name, String... texts) {
    assertThat(String.join("\n", GoTestRecordings.output(results, name))).contains(texts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-test.v", "-test.v=test2json"})
  void allIsUnderstood(String verbose) throws Exception {
    TestResults results = run("", verbose, "-test.run=^[^Z]*$");
    assertThat(GoTestRecordings.outcomes(results))
        .containsExactly(
            "TestFails FAILED",
            "TestFails/good_one PASSED",
            "TestFails/bad FAILED",
            "TestSkips SKIPPED",
            "TestParts PASSED",
            "TestParts/x PASSED",
            "TestParts/y PASSED",
            "TestParallelOne PASSED",
            "TestParallelTwo PASSED",
            "FuzzSeed PASSED",
            "FuzzSeed/seed#0 PASSED",
            "Example FAILED");
    isLogged(results, "TestFails", "log of the whole", "printed by the whole", "again");
    isLogged(results, "TestFails/good_one", "log of the good", "no end of line");
    isLogged(results, "TestFails/bad", "is bad", "and more");
    isLogged(results, "TestSkips", "not today");
    isLogged(results, "TestParts", "--- FAIL: TestFake");
    isLogged(results, "TestParts/x", "log of x");
    isLogged(results, "TestParts/y", "log of y");
    isLogged(results, "TestParallelOne", "log of one");
    isLogged(results, "TestParallelTwo", "log of two");
    isLogged(results, "Example", "got:\nis\nwant:\nshould be");
    assertThat(results.outside()).isEmpty();
    assertThat(results.verdict()).isEqualTo("FAIL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-test.v", "-test.v=test2json", "-test.v=false"})
  void endsAreUnderstood(String verbose) throws Exception {
    boolean quiet = verbose.endsWith("false");
    String before = verbose.endsWith("json") ? "PASSED" : "UNFINISHED";

    TestResults panic = run("panic", verbose, "-test.run=TestZ");
    assertThat(GoTestRecordings.outcomes(panic)).contains("TestZ FAILED", "TestZ/in FAILED");
    isLogged(panic, "TestZ/in", "panic: boom", "goroutine ", "some_test.go");
    assertThat(panic.crashed()).isTrue();

    TestResults timeout = run("timeout", verbose, "-test.run=TestZ", "-test.timeout=100ms");
    assertThat(GoTestRecordings.outcomes(timeout)).contains("TestZ FAILED", "TestZ/in FAILED");
    isLogged(timeout, "TestZ/in", "panic: test timed out after 100ms", "goroutine ");

    TestResults goroutine = run("goroutine", verbose, "-test.run=TestZ");
    assertThat(goroutine.verdict()).isEqualTo("panic: boom");
    TestResults exit = run("exit", verbose, "-test.run=TestZ");
    if (quiet) {
      assertThat(exit.tests()).isEmpty();
      assertThat(goroutine.tests()).isEmpty();
      assertThat(goroutine.outside()).startsWith("panic: boom");
    } else {
      assertThat(GoTestRecordings.outcomes(goroutine))
          .containsExactly("TestZ FAILED", "TestZ/before " + before, "TestZ/in FAILED");
      isLogged(goroutine, "TestZ/in", "panic: boom", "goroutine ");
      assertThat(GoTestRecordings.outcomes(exit))
          .containsExactly("TestZ UNFINISHED", "TestZ/before " + before, "TestZ/in UNFINISHED");
    }
    assertThat(run("none", verbose, "-test.run=TestZ").failures()).isEmpty();
    assertThat(run("print", verbose, "-test.run=TestZ").verdict()).isEqualTo("PASS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-test.v", "-test.v=test2json", "-test.v=false"})
  void benchmarksAreUnderstood(String verbose) throws Exception {
    TestResults results = run("", verbose, "-test.run=^$", "-test.bench=.", "-test.benchtime=1x");
    assertThat(results.count(Status.PASSED)).isEqualTo(results.tests().size());
    assertThat(results.verdict()).isEqualTo("PASS");
    assertThat(run("", verbose, "-test.run=^$").summary()).isEqualTo("no tests ran");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-test.v=false", "-test.short"})
  void withoutVerbosityFailuresAreUnderstood(String quiet) throws Exception {
    TestResults results = run("", quiet, "-test.run=^[^Z]*$");
    assertThat(GoTestRecordings.outcomes(results))
        .containsExactly("TestFails FAILED", "TestFails/bad FAILED", "Example FAILED");
    isLogged(results, "TestFails", "log of the whole", "again");
    isLogged(results, "TestFails/bad", "is bad", "and more");
    isLogged(results, "Example", "got:\nis\nwant:\nshould be");
  }
}
