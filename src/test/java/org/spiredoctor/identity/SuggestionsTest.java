package org.spiredoctor.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was probably meant, and nothing where that cannot be said. */
class SuggestionsTest {
  @ParameterizedTest
  @CsvSource({
    "sockt-stale, socket-stale",
    "port-token, port-taken",
    "Port_Taken, port-taken",
    "socket, socket-stale",
    "web, web-5d9f7c-x2x4z",
    "nope, ''",
    "'', ''"
  })
  void onlyWhatIsNearIsNamed(String word, String meant) {
    List<String> names = List.of("port-taken", "socket-stale", "web-5d9f7c-x2x4z");
    assertThat(Suggestions.nearest(word, names).orElse("")).isEqualTo(meant);
  }

  @Test
  void anotherSpellingIsNearerThanAnotherWord() {
    assertThat(Suggestions.nearest("spiffeId", List.of("spiffeIds", "spiffe_id")))
        .contains("spiffe_id");
    assertThat(Suggestions.nearest("web", List.of())).isEmpty();
  }
}
