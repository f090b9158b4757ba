package org.spiredoctor.evidence.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The selectors in a line of an agent's log, where a workload chooses parts of them: the path of
 * its program may hold anything, also what looks like a further selector. SPIRE writes them as the
 * text of Protocol Buffers, as JSON, or (with {@code log_selectors}) sorted and joined by commas.
 */
final class LoggedSelectors {
  private static final String LOGFMT = "selectors=";
  private static final String JSON = "\"selectors\":";

  private LoggedSelectors() {}

  /** Each as {@code TYPE:VALUE}; empty where the line has none. */
  static List<String> of(String line) {
    if (line.startsWith("{")) {
      int at = line.indexOf(JSON + "[");
      if (at >= 0) {
        return pairs(line, at + JSON.length());
      }
    }
    String value = Log.field(line, LOGFMT, JSON);
    return value.startsWith("[") ? pairs(value, 0) : sorted(value);
  }

  /** Whether a line has all that the agent found; {@code log_selectors} chooses among them. */
  static boolean areAll(String line) {
    return line.startsWith("{")
        ? line.contains(JSON + "[")
        : Log.field(line, LOGFMT, JSON).startsWith("[");
  }

  /** The line up to them. */
  static String without(String line) {
    int at = line.startsWith("{") ? line.indexOf(JSON) : Log.start(line, LOGFMT);
    return at < 0 ? line : line.substring(0, at);
  }

  /** Of {@code [type:"k8s" value:"ns:apps"]} or {@code [{"type":"k8s","value":"ns:apps"}]}. */
  private static List<String> pairs(String text, int from) {
    List<String> selectors = new ArrayList<>();
    String key = "";
    String type = "";
    int at = from;
    while (at < text.length() && text.charAt(at) != ']') {
      boolean quoted = text.charAt(at) == '"';
      LogWord word = quoted ? LogWord.quoted(text, at + 1, c -> c) : bare(text, at);
      at = quoted ? word.end() + 1 : Math.max(at + 1, word.end());
      if (at < text.length() && text.charAt(at) == ':') {
        key = word.value();
      } else if (quoted && key.equals("type")) {
        type = word.value();
      } else if (quoted && key.equals("value")) {
        selectors.add(type + ":" + word.value());
      }
    }
    return List.copyOf(selectors);
  }

  private static LogWord bare(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    return new LogWord(text.substring(from, at), at);
  }

  /**
   * What follows a comma within another is out of order, or what comes after it is: the paths of
   * programs come after all of k8s, and images before the UID of the pod.
   */
  private static List<String> sorted(String text) {
    List<String> selectors = new ArrayList<>();
    for (String selector : text.split(",", -1)) {
      if (!selectors.isEmpty() && selectors.getLast().compareTo(selector) > 0) {
        return selector.startsWith("k8s:") ? withoutPod(selectors) : List.copyOf(selectors);
      }
      if (!selector.isEmpty()) {
        selectors.add(selector);
      }
    }
    boolean ofImage =
        IntStream.range(1, selectors.size())
            .anyMatch(at -> isPod(selectors.get(at)) && isImage(selectors.get(at - 1)));
    return ofImage ? withoutPod(selectors) : List.copyOf(selectors);
  }

  private static List<String> withoutPod(List<String> selectors) {
    return selectors.stream().filter(selector -> !isPod(selector)).toList();
  }

  private static boolean isPod(String selector) {
    return selector.startsWith(Log.POD);
  }

  private static boolean isImage(String selector) {
    return selector.contains("image:");
  }
}
