package org.spiredoctor.kube;

import java.util.List;

/**
 * Recognizes a secret by its own form, wherever it stands: JSON Web Tokens, PEM private keys in
 * Base64, and the tokens that well-known services issue with a prefix.
 */
final class KnownTokens {
  /** Prefix and the fewest characters that follow it in a real one, or in the head of one. */
  record Form(String prefix, int least) {}

  static final List<Form> FORMS =
      List.of(
          // JOSE headers are JSON, so is the configuration of Docker: {" in Base64.
          new Form("eyJ", 6),
          // -----BEGIN in Base64.
          new Form("LS0tLS1", 6),
          new Form("ghp_", 6),
          new Form("gho_", 6),
          new Form("ghu_", 6),
          new Form("ghs_", 6),
          new Form("ghr_", 6),
          new Form("github_pat_", 6),
          new Form("glpat-", 6),
          new Form("gldt-", 6),
          new Form("glrt-", 6),
          new Form("glptt-", 6),
          new Form("xoxa-", 6),
          new Form("xoxb-", 6),
          new Form("xoxe-", 6),
          new Form("xoxp-", 6),
          new Form("xoxr-", 6),
          new Form("xoxs-", 6),
          new Form("xapp-", 6),
          new Form("AKIA", 12),
          new Form("ASIA", 12),
          new Form("AIza", 20),
          new Form("ya29.", 10),
          new Form("sk-", 20),
          new Form("sk_live_", 6),
          new Form("sk_test_", 6),
          new Form("rk_live_", 6),
          new Form("hvs.", 6),
          new Form("hvb.", 6),
          new Form("hvr.", 6),
          new Form("npm_", 20),
          new Form("pypi-", 20),
          new Form("dop_v1_", 6),
          new Form("SG.", 20),
          new Form("AGE-SECRET-KEY-", 6));

  private KnownTokens() {}

  static void mark(Marks marks) {
    String text = marks.text();
    int at = 0;
    while (at < text.length()) {
      int end = at + 1;
      if (Chars.isTokenChar(text.charAt(at)) && startsWord(text, at)) {
        int least = least(text, at);
        if (least > 0) {
          int over = Chars.endOfToken(text, at);
          boolean tooShort = over - at < least;
          // Words that merely begin alike have no digit and no capital: sk-learn. What begins
          // inside of one has none either, and is not looked at again.
          end = tooShort ? at + 1 : over;
          if (!tooShort && mixed(text, at, over)) {
            marks.hide(at, over);
          }
        }
      }
      at = end;
    }
  }

  private static boolean startsWord(String text, int at) {
    return at == 0
        || !Character.isLetterOrDigit(text.charAt(at - 1))
        // An escape: \n, \t or \r.
        || (at > 1 && text.charAt(at - 2) == '\\' && "nrt".indexOf(text.charAt(at - 1)) >= 0);
  }

  /** How long a token that begins here is at least; 0 where none does. */
  private static int least(String text, int at) {
    for (Form form : FORMS) {
      if (text.charAt(at) == form.prefix().charAt(0) && text.startsWith(form.prefix(), at)) {
        return form.prefix().length() + form.least();
      }
    }
    return 0;
  }

  private static boolean mixed(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) {
        return true;
      }
    }
    return false;
  }
}
