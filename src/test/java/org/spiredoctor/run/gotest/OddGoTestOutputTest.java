package org.spiredoctor.run.gotest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.run.gotest.GoTestRecordings.outcomes;
import static org.spiredoctor.run.gotest.GoTestRecordings.output;
import static org.spiredoctor.run.gotest.GoTestRecordings.read;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.run.gotest.TestResults.Status;

/** Of recordings that have more or less than the usual lines. */
class OddGoTestOutputTest {
  @Test
  void withoutVerbosityOnlyFailuresAreKnown() {
    TestResults results =
        read(
            """
            printed
            no end--- FAIL: TestA (0.10s)
                a_test.go:3: log a
                --- FAIL: TestA/bad (0.00s)
                    a_test.go:4: is bad
                        second line
                a_test.go:5: again
                --- FAIL: TestFake (0.00s)
            --- FAIL: ExampleBad (0.00s)
            got:
            x
            want:
            y
            FAIL
            """);
    assertThat(outcomes(results))
        .containsExactly("TestA FAILED", "TestA/bad FAILED", "ExampleBad FAILED");
    assertThat(output(results, "TestA"))
        .containsExactly(
            "    a_test.go:3: log a", "    a_test.go:5: again", "    --- FAIL: TestFake (0.00s)");
    assertThat(output(results, "TestA/bad"))
        .containsExactly("        a_test.go:4: is bad", "            second line");
    assertThat(output(results, "ExampleBad")).containsExactly("got:", "x", "want:", "y");
    assertThat(results.outside()).containsExactly("printed", "no end");
  }

  @Test
  void noTestsAreNoTests() {
    TestResults none = read("testing: warning: no tests to run\nPASS\n");
    assertThat(none.tests()).isEmpty();
    assertThat(none.summary()).isEqualTo("no tests ran");
    assertThat(none.verdict()).isEqualTo("PASS");
    TestResults failed = read("FAIL\n");
    assertThat(failed.failures()).isEmpty();
    assertThat(failed.verdict()).isEqualTo("FAIL");
    assertThat(read("").verdict()).isEmpty();
  }

  @Test
  void benchmarksAndFuzzingDoNotConfuse() {
    TestResults results =
        read(
            """
            ^=== RUN   FuzzF
            fuzz: elapsed: 0s, execs: 100 (6977/sec)
            ^--- PASS: FuzzF (0.02s)
            ^=== NAME \s
            goos: linux
            ^=== RUN   BenchmarkB
            BenchmarkB
            ^=== RUN   BenchmarkB/s
            BenchmarkB/s-2 \t      10\t        12.00 ns/op
            ^=== RUN   BenchmarkC
            ^--- BENCH: BenchmarkC-2
            ^=== RUN   BenchmarkD
            ^--- FAIL: BenchmarkD
            ^=== NAME \s
            ^FAIL
            """
                .replace('^', '\u0016'));
    assertThat(outcomes(results))
        .containsExactly(
            "FuzzF PASSED",
            "BenchmarkB PASSED",
            "BenchmarkB/s PASSED",
            "BenchmarkC PASSED",
            "BenchmarkD FAILED");
    TestResults plain =
        read(
            "BenchmarkB\nBenchmarkB-2 \t 10\t 12.00 ns/op\n--- BENCH: BenchmarkB-2\n    a_test.go:1: b\nPASS\n");
    assertThat(plain.tests()).isEmpty();
    assertThat(plain.verdict()).isEqualTo("PASS");
  }

  @Test
  void aTestThatRunsTwiceIsThereTwice() {
    String once = "=== RUN   TestA\n--- PASS: TestA (0.00s)\n";
    assertThat(outcomes(read(once + once + "PASS\n")))
        .containsExactly("TestA PASSED", "TestA PASSED");
    String failed = "--- FAIL: TestA (0.00s)\n    log\n";
    assertThat(outcomes(read(failed + failed + "FAIL\n")))
        .containsExactly("TestA FAILED", "TestA FAILED");
  }

  @Test
  void aTestCannotHideItsFailure() {
    TestResults results =
        read("=== RUN   TestA\n--- PASS: TestA (0.00s)\nPASS\n--- FAIL: TestA (0.00s)\nFAIL\n");
    assertThat(outcomes(results)).containsExactly("TestA FAILED");
    assertThat(results.verdict()).isEqualTo("FAIL");
  }

  @Test
  void attributesAreOutput() {
    TestResults results =
        read("=== RUN   TestA\n=== ATTR  TestA key a value\n--- PASS: TestA (0.00s)\nPASS\n");
    assertThat(output(results, "TestA")).containsExactly("=== ATTR  TestA key a value");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "    ", "\u0016", "\u0016    ", "=== RUN ", "--- ", "\t", "(1s) "})
  @Timeout(30)
  void aLongLineTakesNoLongTime(String piece) {
    String line = piece.repeat(1_000_000);
    TestResults results =
        read("=== RUN   TestA\n" + line + "x y\n=== RUN" + line + "x y\n--- FAIL: TestA (0.00s)\n");
    assertThat(outcomes(results)).containsExactly("TestA FAILED");
    assertThat(output(results, "TestA")).hasSize(2);
  }

  /** Of random lines, of what makes up reports: each line is kept, or is an event. */
  @Test
  void nothingMakesItFail() {
    List<String> pieces =
        List.of(
            "=== RUN   TestA",
            "=== RUN   TestA/x",
            "=== NAME  ",
            "=== CONT  TestA",
            "=== PAUSE TestA/x",
            "--- FAIL: TestA/x (0.0s)",
            "    ",
            "--- PASS: TestA (999999999999s)",
            "--- SKIP: ",
            "PASS",
            "FAIL",
            "panic: x",
            "\tTestA (1s)",
            "panic: test timed out after 1s",
            "\trunning tests:",
            "\u0016",
            "\r",
            "=== ",
            "--- BENCH: BenchmarkA-2",
            "=== RUN   BenchmarkA",
            "goroutine 1 [running]:",
            "");
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      GoTestOutput reader = new GoTestOutput();
      for (int lines = random.nextInt(12); lines > 0; lines--) {
        String line = "";
        for (int n = random.nextInt(3); n >= 0; n--) {
          line += pieces.get(random.nextInt(pieces.size()));
        }
        reader.line(line);
      }
      TestResults results = reader.results();
      assertThat(results.summary()).isNotEmpty();
      assertThat(Stream.of(Status.values()).mapToLong(results::count).sum())
          .isEqualTo(results.tests().size());
    }
  }
}
