package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Fields and selectors read quoted texts alike, but for what an escaped letter means. */
class LogWordTest {
  private static LogWord quoted(String line) {
    return LogWord.quoted(line, 1, c -> c);
  }

  @Test
  void itEndsAtTheClosingQuote() {
    assertThat(quoted("\"a b\" c")).isEqualTo(new LogWord("a b", 4));
    assertThat(quoted("\"\"")).isEqualTo(new LogWord("", 1));
    assertThat(quoted("\"a\\\"b\\\\\" c")).isEqualTo(new LogWord("a\"b\\", 7));
  }

  @Test
  void withoutClosingQuoteItIsWhatThereIs() {
    assertThat(quoted("\"a b")).isEqualTo(new LogWord("a b", 4));
    assertThat(quoted("\"a\\")).isEqualTo(new LogWord("a\\", 3));
    assertThat(quoted("\"a\\\"")).isEqualTo(new LogWord("a\"", 4));
  }

  @Test
  void anEscapedLineEndIsASpaceInAFieldAndALetterInASelector() {
    assertThat(Log.field("msg=\"a\\nb\\tc\\r\" x=1", "msg=", "")).isEqualTo("a b c ");
    assertThat(Log.parse("x selectors=\"[type:\\\"unix\\\" value:\\\"path:/a\\\\nb\\\"]\"").lines())
        .flatExtracting(Log.Line::selectors)
        .containsExactly("unix:path:/anb");
  }

  @Test
  void aFieldWithoutQuotesEndsAtASpaceCommaOrBrace() {
    assertThat(Log.field("{\"a\":1,\"b\":null}", "a=", "\"a\":")).isEqualTo("1");
    assertThat(Log.field("{\"a\":1,\"b\":null}", "b=", "\"b\":")).isEmpty();
    assertThat(Log.field("a=b\\ c", "a=", "")).isEqualTo("b\\");
  }
}
