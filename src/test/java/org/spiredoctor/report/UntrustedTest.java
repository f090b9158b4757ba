package org.spiredoctor.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UntrustedTest {
  private static final String ESC = "\u001b";
  private static final String BEL = "\u0007";

  /** In the table below: {@code ^} is an escape, {@code ~} a bell. */
  private static String line(String written) {
    return written.replace("^", ESC).replace("~", BEL);
  }

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "plain text,plain text",
        "Zürich 東京 🙂,Zürich 東京 🙂",
        // Colours, cursor, modes: CSI, with parameters and intermediates.
        "^[31mred^[0m,red",
        "^[1;38;5;196mred^[m!,red!",
        "a^[2Kb^[10Dc,abc",
        "^[?25lhidden^[?25h,hidden",
        "^[0 qblock^[!p,block",
        "^[31,''",
        "^[,''",
        "^,''",
        "a^,a",
        // A window's title, a link: OSC, ended by BEL or ST.
        "a^]0;title~b,ab",
        "a^]0;title^\\b,ab",
        "^]8;;https://example.org^\\link^]8;;^\\,link",
        "a^]0;title without an end,a",
        // It is cut off by another sequence.
        "a^]0;title^[31mb,ab",
        // DCS, SOS, PM and APC end with ST alone.
        "a^Pq~b^\\c,ac",
        "a^Xb^\\c,ac",
        "a^_b^\\c,ac",
        // Two characters, and three.
        "^7a^8b,ab",
        "^cafter a reset,after a reset",
        "^(Bx^)0y,xy",
        "^(,''",
        // What cannot be part of a sequence stays.
        "^[3é,é",
        "^[^[31mx,x",
        "^éa,éa",
      })
  void sequencesOfATerminalAreTakenOut(String line, String clean) {
    assertThat(Untrusted.logLine(line(line))).isEqualTo(clean);
  }

  @Test
  void eachHasAFormOfEightBits() {
    assertThat(Untrusted.logLine("\u009b31mred\u009b0m")).isEqualTo("red");
    assertThat(Untrusted.logLine("a\u009d0;title\u009cb")).isEqualTo("ab");
    assertThat(Untrusted.logLine("a\u009d0;title" + BEL + "b")).isEqualTo("ab");
    assertThat(Untrusted.logLine("a\u0090q\u009cb\u009ec\u009cd\u009fe\u009cf\u0098g"))
        .isEqualTo("abdf");
    assertThat(Untrusted.logLine("a\u009d0;title\u0018b\u009d0\u001ac")).isEqualTo("abc");
    // Index, next line, a string's end without a string.
    assertThat(Untrusted.logLine("a\u0084b\u0085c\u009cd")).isEqualTo("a?b?c?d");
  }

  @Test
  void privacyMessagesAreTakenOut() {
    assertThat(Untrusted.logLine("a" + ESC + "^secret" + ESC + "\\b")).isEqualTo("ab");
  }

  @Test
  void tabsStayAndOtherControlCharactersDoNot() {
    assertThat(Untrusted.logLine("a\tb")).isEqualTo("a\tb");
    assertThat(Untrusted.logLine("a\bb\0c" + BEL + "d\u007fe")).isEqualTo("a?b?c?d?e");
    assertThat(Untrusted.logLine("a\nb\u000bc\u2028d")).isEqualTo("a b c d");
    assertThat(Untrusted.logLine("a\u202eb\u200bc\ufeffd\u2066e")).isEqualTo("a?b?c?d?e");
    assertThat(Untrusted.logLine("a\ud800b\udc00")).isEqualTo("a?b?");
  }

  @Test
  void aCarriageReturnAtTheEndIsDroppedAndElsewhereASpace() {
    assertThat(Untrusted.logLine("PASS\r")).isEqualTo("PASS");
    assertThat(Untrusted.logLine("PASS\r" + ESC + "[0m\r")).isEqualTo("PASS");
    assertThat(Untrusted.logLine("10%\r20%")).isEqualTo("10% 20%");
    assertThat(Untrusted.logLine("\r")).isEmpty();
    assertThat(Untrusted.logLine("\rover")).isEqualTo(" over");
  }

  /** Of random lines, of what sequences are made of. */
  @Test
  void nothingThatATerminalObeysIsLeft() {
    String alphabet =
        ESC + ESC + BEL + "[]P\\^_X;?0 (~mh\r\t\n\0\u009b\u009c\u009d\u0090aé\u202e\ud83d\ude42";
    IntPredicate harmless = c -> c == '\t' || (!Character.isISOControl(c) && c != '\u202e');
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder line = new StringBuilder();
      for (int length = random.nextInt(20); length > 0; length--) {
        line.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String clean = Untrusted.logLine(line.toString());
      assertThat(clean.codePoints()).as("of %s", line).allMatch(harmless::test);
      assertThat(Untrusted.logLine(clean)).as("again").isEqualTo(clean);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ESC + "]", ESC + "[", ESC, ESC + "P\u0007", "\u009d", "\r", ESC + "("})
  @Timeout(30)
  void timeIsThatOfTheLength(String begin) {
    // Hours, if each looked for its end anew.
    assertThat(Untrusted.logLine(begin.repeat(1_000_000))).isEmpty();
  }

  @Test
  void quotationsAreShort() {
    assertThat(Untrusted.clean("🙂".repeat(501))).isEqualTo("🙂".repeat(500) + "…");
    assertThat(Untrusted.clean("🙂".repeat(500))).isEqualTo("🙂".repeat(500));
  }
}
