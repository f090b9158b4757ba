package org.spiredoctor.run.gotest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.run.gotest.GoTestRecordings.outcomes;
import static org.spiredoctor.run.gotest.GoTestRecordings.output;
import static org.spiredoctor.run.gotest.GoTestRecordings.read;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Of recordings. */
class GoTestOutputTest {
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
  void durationsAreReadAsGoWritesThem() {
    assertThat(Crash.duration("1h2m3.5s")).isEqualTo(Duration.parse("PT1H2M3.5S"));
    assertThat(Crash.duration("250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(Crash.duration("1.5µs")).isEqualTo(Duration.ofNanos(1500));
    assertThat(Crash.duration("soon")).isZero();
  }
}
