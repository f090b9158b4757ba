package org.spiredoctor.kube;

import java.nio.charset.StandardCharsets;

/** The end of a log. */
final class LogWindow {
  private LogWindow() {}

  /**
   * The last lines that are whole: the rest of one that is cut might be the rest of a secret that
   * nobody would recognize.
   *
   * @param most how many bytes
   */
  static String last(byte[] log, int most) {
    int from = Math.max(0, log.length - most);
    if (from > 0) {
      while (from < log.length && log[from - 1] != '\n') {
        from++;
      }
    }
    return new String(log, from, log.length - from, StandardCharsets.UTF_8);
  }
}
