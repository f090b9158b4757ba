package org.spiredoctor.run.gotest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.run.gotest.TestResults.Status;

/** Of recordings. */
class GoTestOutputTest {
  private static final String TRACE =
      """

      goroutine 8 [running]:
      example.org/some.TestB.func1()
      \t/src/some_test.go:9 +0x25
      created by example.org/some.TestB in goroutine 7
      \t/src/some_test.go:9 +0x37
      """;

  static TestResults read(String output) {
    GoTestOutput reader = new GoTestOutput();
    output.lines().forEach(reader::line);
    return reader.results();
  }

  /** Each as {@code TestA PASSED}. */
  static List<String> outcomes(TestResults results) {
    return results.tests().stream().map(test -> test.name() + " " + test.status()).toList();
  }

  static List<String> output(TestResults results, String name) {
    return results.tests().stream()
        .filter(test -> test.name().equals(name))
        .findFirst()
        .orElseThrow()
        .output();
  }

  @Test
  void outcomesTimesAndOutputAreOfEachTest() {
    TestResults results =
        read(
            """
            before
            === RUN   TestA
                a_test.go:3: logged
            printed
            --- PASS: TestA (0.12s)
            === RUN   TestB
            === RUN   TestB/one
                a_test.go:5: bad
                    second line
            === NAME  TestB
                a_test.go:6: of the whole
            --- FAIL: TestB (2.05s)
                --- FAIL: TestB/one (2.00s)
            === RUN   TestC
                a_test.go:7: not today
            --- SKIP: TestC (0.00s)
            after
            FAIL
            """);
    assertThat(outcomes(results))
        .containsExactly("TestA PASSED", "TestB FAILED", "TestB/one FAILED", "TestC SKIPPED");
    assertThat(output(results, "TestA")).containsExactly("    a_test.go:3: logged", "printed");
    assertThat(output(results, "TestB")).containsExactly("    a_test.go:6: of the whole");
    assertThat(output(results, "TestB/one"))
        .containsExactly("    a_test.go:5: bad", "        second line");
    assertThat(results.tests().get(1).duration()).isEqualTo(Duration.ofMillis(2050));
    assertThat(results.outside()).containsExactly("before", "after");
    assertThat(results.verdict()).isEqualTo("FAIL");
    assertThat(results.crashed()).isFalse();
    assertThat(results.summary()).isEqualTo("1 passed, 2 failed, 1 skipped in 2.2 s");
    assertThat(results.failures())
        .extracting(TestResults.Test::name)
        .containsExactly("TestB", "TestB/one");
  }

  @Test
  void parallelTestsInterleave() {
    TestResults results =
        read(
            """
            === RUN   TestA
            === PAUSE TestA
            === RUN   TestB
            === PAUSE TestB
            === CONT  TestA
                a
            === CONT  TestB
                b
            === NAME  TestA
                a again
            --- PASS: TestA (0.01s)
            b printed, and nothing says so
            === NAME  TestB
                b again
            --- PASS: TestB (0.02s)
            PASS
            """);
    assertThat(outcomes(results)).containsExactly("TestA PASSED", "TestB PASSED");
    assertThat(output(results, "TestA")).containsExactly("    a", "    a again");
    assertThat(output(results, "TestB"))
        .containsExactly("    b", "b printed, and nothing says so", "    b again");
  }

  @Test
  void whatAPausedPartIsFollowedByIsOfTheWhole() {
    TestResults results =
        read(
            """
            === RUN   TestA
            === RUN   TestA/x
            === PAUSE TestA/x
            of the whole
            === CONT  TestA/x
            of the part
            --- PASS: TestA (0.00s)
                --- PASS: TestA/x (0.00s)
            PASS
            """);
    assertThat(output(results, "TestA")).containsExactly("of the whole");
    assertThat(output(results, "TestA/x")).containsExactly("of the part");
  }

  @Test
  void aLineThatATestDidNotEndIsReadAllTheSame() {
    TestResults results =
        read(
            """
            === RUN   TestA
            === RUN   TestA/x
            no end=== RUN   TestA/y
            none either--- FAIL: TestA (0.03s)
                --- PASS: TestA/x (0.01s)
                --- FAIL: TestA/y (0.02s)
            FAIL
            """);
    assertThat(outcomes(results))
        .containsExactly("TestA FAILED", "TestA/x PASSED", "TestA/y FAILED");
    assertThat(output(results, "TestA/x")).containsExactly("no end");
    assertThat(output(results, "TestA/y")).containsExactly("none either");
  }

  @Test
  void carriageReturnsDoNotMatter() {
    TestResults results = read("=== RUN   TestA\r\nsaid\r\n--- PASS: TestA (0.00s)\r\nPASS\r\n");
    assertThat(outcomes(results)).containsExactly("TestA PASSED");
    assertThat(output(results, "TestA")).containsExactly("said");
    assertThat(results.verdict()).isEqualTo("PASS");
  }

  @Test
  void withMarkersNothingThatIsPrintedIsTakenForAReport() {
    TestResults results =
        read(
            """
            ^=== RUN   TestA
            --- PASS: TestA (0.00s)
            === RUN   TestFake
            PASS
            a ^ alone
            no end^=== RUN   TestA/x
            in it, no end^--- FAIL: TestA/x (0.01s)
            ^=== NAME  TestA
            whole
            ^--- FAIL: TestA (0.02s)
            ^=== NAME \s
            outside
            ^FAIL
            """
                .replace('^', '\u0016'));
    assertThat(outcomes(results)).containsExactly("TestA FAILED", "TestA/x FAILED");
    assertThat(output(results, "TestA"))
        .containsExactly(
            "--- PASS: TestA (0.00s)",
            "=== RUN   TestFake",
            "PASS",
            "a \u0016 alone",
            "no end",
            "whole");
    assertThat(output(results, "TestA/x")).containsExactly("in it, no end");
    assertThat(results.outside()).containsExactly("outside");
    assertThat(results.verdict()).isEqualTo("FAIL");
  }

  @Test
  void aPanicThatGoSawIsOfTheInnermostTestItReported() {
    String reports =
        """
        === RUN   TestB
        === RUN   TestB/in
        --- FAIL: TestB (0.00s)
            --- FAIL: TestB/in (0.00s)
        """;
    String marked =
        """
        ^=== RUN   TestB
        ^=== RUN   TestB/in
        ^--- FAIL: TestB/in (0.00s)
        ^--- FAIL: TestB (0.00s)
        """
            .replace('^', '\u0016');
    for (String before : List.of(reports, marked)) {
      for (String panic :
          List.of(
              "panic: boom [recovered, repanicked]\n",
              "panic: boom [recovered]\n\tpanic: boom\n",
              "panic: two\nlines [recovered]\n")) {
        TestResults results = read(before + panic + TRACE);
        assertThat(outcomes(results)).containsExactly("TestB FAILED", "TestB/in FAILED");
        assertThat(output(results, "TestB/in"))
            .startsWith(panic.lines().toArray(String[]::new))
            .endsWith("\t/src/some_test.go:9 +0x37");
        assertThat(results.outside()).isEmpty();
        assertThat(results.verdict()).isEqualTo(panic.lines().findFirst().orElseThrow());
        assertThat(results.crashed()).isTrue();
      }
    }
  }

  @Test
  void aReportMayBeOvertakenByItsTrace() {
    TestResults results =
        read(
            """
            === RUN   TestB
            panic: boom [recovered, repanicked]
            --- FAIL: TestB (0.00s)
            """
                + TRACE);
    assertThat(outcomes(results)).containsExactly("TestB FAILED");
    assertThat(output(results, "TestB"))
        .hasSize(7)
        .startsWith("panic: boom [recovered, repanicked]");
    assertThat(results.outside()).isEmpty();
  }

  @Test
  void aPanicElsewhereIsOfTheTestThatRan() {
    TestResults results =
        read("=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestC\npanic: boom\n" + TRACE);
    assertThat(outcomes(results)).containsExactly("TestA PASSED", "TestC FAILED");
    assertThat(output(results, "TestC")).hasSize(7).startsWith("panic: boom");
  }

  @Test
  void ofSeveralTheTraceNamesTheOne() {
    TestResults results =
        read(
            """
            === RUN   TestA
            === PAUSE TestA
            === RUN   TestB
            === PAUSE TestB
            === RUN   TestP
            === PAUSE TestP
            === CONT  TestB
            === CONT  TestA
            panic: boom
            """
                + TRACE);
    assertThat(outcomes(results))
        .containsExactly("TestA UNFINISHED", "TestB FAILED", "TestP UNFINISHED");
    assertThat(output(results, "TestB")).startsWith("panic: boom");
    assertThat(results.summary()).isEqualTo("1 failed, 2 unfinished in 0.0 s");
  }

  @Test
  void ofPartsTheLastOneRan() {
    TestResults results =
        read(
            "=== RUN   TestB\n=== RUN   TestB/x\n=== RUN   TestB/y\nfatal error: out of memory\n"
                + TRACE);
    assertThat(outcomes(results))
        .containsExactly("TestB FAILED", "TestB/x UNFINISHED", "TestB/y FAILED");
    assertThat(output(results, "TestB/y")).startsWith("fatal error: out of memory");
  }

  @Test
  void whenTimeIsUpWhatIsListedFailed() {
    TestResults results =
        read(
            """
            === RUN   TestA
            === RUN   TestA/in
            === PAUSE TestA/in
            === RUN   TestA/out
            === PAUSE TestA/out
            === CONT  TestA/out
            panic: test timed out after 1m30s
            \trunning tests:
            \t\tTestA (1m30s)
            \t\tTestA/out (1m29.5s)

            goroutine 3 [running]:
            testing.(*M).startAlarm.func1()
            """);
    assertThat(outcomes(results))
        .containsExactly("TestA FAILED", "TestA/in UNFINISHED", "TestA/out FAILED");
    assertThat(output(results, "TestA")).containsExactly("panic: test timed out after 1m30s");
    assertThat(output(results, "TestA/out")).hasSize(7);
    assertThat(results.tests().getLast().duration()).isEqualTo(Duration.ofMillis(89_500));
    // Without -test.v, they are known from the list alone.
    assertThat(outcomes(read("panic: test timed out after 1s\n\trunning tests:\n\t\tTestA (1s)\n")))
        .containsExactly("TestA FAILED");
  }

  @Test
  void durationsAreReadAsGoWritesThem() {
    assertThat(Crash.duration("1h2m3.5s")).isEqualTo(Duration.parse("PT1H2M3.5S"));
    assertThat(Crash.duration("250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(Crash.duration("1.5µs")).isEqualTo(Duration.ofNanos(1500));
    assertThat(Crash.duration("soon")).isZero();
  }

  @Test
  void aPanicThatWasOnlyPrintedIsOutput() {
    TestResults results =
        read(
            """
            === RUN   TestA
            panic: that was caught
            and more
            --- PASS: TestA (0.00s)
            PASS
            """);
    assertThat(outcomes(results)).containsExactly("TestA PASSED");
    assertThat(output(results, "TestA")).containsExactly("panic: that was caught", "and more");
    assertThat(results.verdict()).isEqualTo("PASS");
  }

  @Test
  void anExitLeavesWhatRanUnfinished() {
    TestResults results = read("=== RUN   TestA\n=== RUN   TestA/x\nbye\n");
    assertThat(outcomes(results)).containsExactly("TestA UNFINISHED", "TestA/x UNFINISHED");
    assertThat(results.failures()).hasSize(2);
    assertThat(results.verdict()).isEmpty();
    assertThat(output(results, "TestA/x")).containsExactly("bye");
  }

  @Test
  void aCrashOutsideOfTestsIsNoTests() {
    TestResults results =
        read("=== RUN   TestA\n--- PASS: TestA (0.00s)\nPASS\npanic: in TestMain\n" + TRACE);
    assertThat(outcomes(results)).containsExactly("TestA PASSED");
    assertThat(results.outside()).hasSize(7).startsWith("panic: in TestMain");
    assertThat(results.verdict()).isEqualTo("panic: in TestMain");
  }

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
