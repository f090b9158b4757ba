package org.spiredoctor.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogResumeTest {
  private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");

  /** What a server has after {@code since}, from the beginning of that second. */
  private static List<String> from(Optional<Instant> since, List<String> log) {
    return log.stream()
        .filter(line -> since.isEmpty() || !time(line).isBefore(since.get()))
        .toList();
  }

  private static Instant time(String line) {
    return Instant.parse(line.substring(0, line.indexOf(' ')));
  }

  private static String line(long millis, String text) {
    return BEGIN.plusMillis(millis) + " " + text;
  }

  @Test
  void aReadingThatBeginsAgainBringsOnlyWhatIsNew() {
    LogResume resume = new LogResume();
    assertThat(resume.since()).isEmpty();
    assertThat(resume.take(line(100, "a"))).contains("a");
    assertThat(resume.take(line(200, "b"))).contains("b");
    resume.reopened();
    assertThat(resume.take(line(100, "a"))).isEmpty();
    assertThat(resume.take(line(200, "b"))).isEmpty();
    assertThat(resume.take(line(300, "c"))).contains("c");
  }

  @Test
  void equalLinesAreCounted() {
    LogResume resume = new LogResume();
    resume.take(line(100, "same"));
    resume.take(line(100, "same"));
    resume.reopened();
    assertThat(resume.take(line(100, "same"))).isEmpty();
    assertThat(resume.take(line(100, "same"))).isEmpty();
    assertThat(resume.take(line(100, "same"))).contains("same");
  }

  @Test
  void whatTheKubeletSaysItselfIsNoLineOfTheContainer() {
    assertThat(LogResume.isOfContainer("unable to retrieve container logs")).isFalse();
    assertThat(LogResume.isOfContainer("")).isFalse();
    assertThat(LogResume.isOfContainer(line(0, ""))).isTrue();
    assertThat(new LogResume().take(BEGIN.toString())).contains("");
    assertThat(new LogResume().take(BEGIN + " ")).contains("");
  }

  /** Wherever it is cut, and though standard output and error overtake each other. */
  @Test
  void noLineIsLostOrDoubledWhereverItIsCut() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<String> log = new ArrayList<>();
      long at = 0;
      for (int i = 0; i < 300; i++) {
        at += random.nextInt(60) == 0 ? 2500 : random.nextInt(30);
        // Some in the same instant, and some later than what follows them.
        log.add(line(Math.max(0, at - random.nextInt(400)), "line " + random.nextInt(20)));
      }
      LogResume resume = new LogResume();
      List<String> got = new ArrayList<>();
      int written = 0;
      while (written < log.size()) {
        written = Math.min(log.size(), written + 1 + random.nextInt(80));
        resume.reopened();
        from(resume.since(), log.subList(0, written))
            .forEach(line -> resume.take(line).ifPresent(got::add));
      }
      assertThat(got)
          .as("seed %s", seed)
          .containsExactlyElementsOf(
              log.stream().map(line -> line.substring(line.indexOf(' ') + 1)).toList());
    }
  }

  @Test
  void aClockThatIsSetBackLosesNothing() {
    LogResume resume = new LogResume();
    resume.take(line(100_000, "before"));
    assertThat(resume.take(line(0, "after"))).contains("after");
    assertThat(resume.since().orElseThrow()).isBeforeOrEqualTo(BEGIN);
    resume.reopened();
    List<String> again = List.of(line(100_000, "before"), line(0, "after"), line(10, "and on"));
    assertThat(again.stream().flatMap(line -> resume.take(line).stream()))
        .containsExactly("and on");
  }

  @Test
  void onlyTheLastSecondsAreHeld() {
    LogResume resume = new LogResume();
    IntStream.range(0, 100_000).forEach(i -> resume.take(line(i * 10L, "line")));
    assertThat(resume.since()).contains(BEGIN.plusSeconds(998));
  }
}
