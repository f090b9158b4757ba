package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** No part of a private key is left. */
class PrivateKeyRedactionTest {
  private static final String BASE64 =
      "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" + "BKcwggSjAgEAAoIBAQDfAkEfakeFakeF";

  @Test
  void aPrivateKeyIsTakenOutWhereverItIsCut() {
    String body = BASE64 + "\n" + BASE64.replace('M', 'Q') + "\nq7Fg==\n";
    String key = "-----BEGIN PRIVATE " + "KEY-----\n" + body + "-----END PRIVATE " + "KEY-----\n";
    for (String form :
        new String[] {key, key.replace("\n", "\\n"), key.replace("\n", "\r\n"), indented(key)}) {
      for (int from = 0; from < form.length(); from++) {
        // A window begins with a line.
        if (from == 0 || form.charAt(from - 1) == '\n' || form.startsWith("\\n", from)) {
          assertNoKey(form.substring(from));
          assertNoKey("ready\n" + form.substring(from) + "done\n");
        }
      }
      for (int to = key.indexOf("MII"); to < form.length(); to += 7) {
        assertNoKey("ready\n" + form.substring(0, to));
      }
    }
    assertThat(Redaction.text("ready\n" + key + "done")).contains("ready").contains("done");
  }

  private static String indented(String key) {
    return key.replaceAll("(?m)^", "    ");
  }

  private static void assertNoKey(String text) {
    assertThat(Redaction.text(text))
        .doesNotContain("kqhkiG9w")
        .doesNotContain("fakeFake")
        .doesNotContain("q7Fg");
  }
}
