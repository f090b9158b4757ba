package org.spiredoctor.run.gotest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.run.gotest.GoTestRecordings.outcomes;
import static org.spiredoctor.run.gotest.GoTestRecordings.output;
import static org.spiredoctor.run.gotest.GoTestRecordings.read;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of recordings of tests that did not come to their end. */
class GoTestPanicTest {
  private static final String TRACE =
      """

      goroutine 8 [running]:
      example.org/some.TestB.func1()
      \t/src/some_test.go:9 +0x25
      created by example.org/some.TestB in goroutine 7
      \t/src/some_test.go:9 +0x37
      """;

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
}
