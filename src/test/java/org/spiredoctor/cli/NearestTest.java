package org.spiredoctor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What was probably meant, and nothing where that cannot be said. */
class NearestTest {

  @Test
  void onlyWhatIsNearIsNamed() {
    List<String> ids = List.of("port-taken", "socket-stale");
    assertThat(Nearest.to("sockt-stale", ids)).contains("socket-stale");
    assertThat(Nearest.to("port-token", ids)).contains("port-taken");
    assertThat(Nearest.to("nope", ids)).isEmpty();
    assertThat(Nearest.to("", ids)).isEmpty();
    assertThat(Nearest.to("socket", List.of())).isEmpty();
  }

  @Test
  void whoIsNotNearAnyIsToldWhereTheyAre() {
    assertThatThrownBy(() -> RuleChoice.known("explain", "nope"))
        .isInstanceOf(UsageException.class)
        .hasMessage("explain: there is no finding 'nope'; 'spire-doctor explain' lists them");
    assertThatThrownBy(() -> RuleChoice.known("--only", "socket-stall"))
        .hasMessageEndingWith("the nearest is socket-stale");
  }
}
