package org.spiredoctor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.Shell;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {
  @ParameterizedTest
  @CsvSource({
    "120s, 120000",
    "120, 120000",
    "0, 0",
    "2m, 120000",
    "1m30s, 90000",
    "1h, 3600000",
    "500ms, 500",
    "1s500ms, 1500"
  })
  void durations(String text, long millis) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "5 s", "-5s", "1.5s", "5d", "5s5m", "99999999999999999999s"})
  void malformedDurations(String text) {
    assertThatThrownBy(() -> new DurationConverter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "' is not a duration");
  }

  @Test
  void charactersAreChosenByTheLocale() {
    assertThat(Terminal.style(Map.of(), true).unicode()).isTrue();
    assertThat(Terminal.style(Map.of("LANG", "de_DE.UTF-8"), true).unicode()).isTrue();
    assertThat(Terminal.style(Map.of("LANG", "C"), true).unicode()).isFalse();
    assertThat(Terminal.style(Map.of("LC_ALL", "C", "LANG", "C.UTF-8"), true).unicode()).isFalse();
    assertThat(Terminal.style(Map.of("NO_COLOR", "1"), true).unicode()).isFalse();
  }

  @Test
  void coloursAreForTerminals() {
    assertThat(Terminal.style(Map.of(), true).colour()).isTrue();
    assertThat(Terminal.style(Map.of(), false).colour()).isFalse();
    assertThat(Terminal.style(Map.of("NO_COLOR", "1"), true).colour()).isFalse();
    assertThat(Terminal.style(Map.of("NO_COLOR", ""), true).colour()).isTrue();
    assertThat(Terminal.style(Map.of("TERM", "dumb"), true).colour()).isFalse();
    assertThat(Terminal.style(Map.of("CI", "true"), true).colour()).isFalse();
  }

  @Test
  void wordsAreQuotedForTheShell() {
    assertThat(Shell.quote("web-0")).isEqualTo("web-0");
    assertThat(Shell.quote("a b")).isEqualTo("'a b'");
    assertThat(Shell.quote("it's")).isEqualTo("'it'\\''s'");
    assertThat(Shell.quote("$(reboot)")).isEqualTo("'$(reboot)'");
    assertThat(Shell.quote("")).isEqualTo("''");
  }
}
