package org.spiredoctor.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a terminal can show. */
class TerminalTest {
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
}
