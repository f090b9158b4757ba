package org.spiredoctor.kube;

import java.util.List;

/** Hides the paths by which anybody can write to a channel of a chat. */
final class Webhooks {
  private static final List<String> BEFORE =
      List.of(
          "hooks.slack.com/services/",
          "hooks.slack.com/workflows/",
          "hooks.slack.com/triggers/",
          "/api/webhooks/",
          "api.telegram.org/bot",
          "/webhookb2/",
          "outlook.office.com/webhook/");

  private Webhooks() {}

  static void mark(Marks marks) {
    String text = marks.text();
    for (String before : BEFORE) {
      int at = text.indexOf(before);
      while (at >= 0) {
        int from = at + before.length();
        int end = from;
        while (end < text.length() && isPathChar(text.charAt(end))) {
          end++;
        }
        marks.hide(from, end);
        at = text.indexOf(before, end);
      }
    }
  }

  private static boolean isPathChar(char c) {
    return Chars.isTokenChar(c) || c == ':' || c == '%';
  }
}
