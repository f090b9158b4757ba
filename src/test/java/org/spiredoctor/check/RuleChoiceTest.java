package org.spiredoctor.check;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.spiredoctor.console.UsageException;

class RuleChoiceTest {
  @Test
  void whoIsNotNearAnyIsToldWhereTheyAre() {
    assertThatThrownBy(() -> RuleChoice.known("explain", "nope"))
        .isInstanceOf(UsageException.class)
        .hasMessage("explain: there is no finding 'nope'; 'spire-doctor explain' lists them");
    assertThatThrownBy(() -> RuleChoice.known("--only", "socket-stall"))
        .hasMessageEndingWith("the nearest is socket-stale");
  }
}
