package org.spiredoctor.run;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Puts a log together from several readings, so that no line is lost and none comes twice. A
 * reading can only begin at a whole second, so lines of the last seconds come again: each of them,
 * time and text, is known here, and how often it was there.
 */
final class LogResume {
  /** Standard output and error are timed apart: a line may stand behind a later one. */
  private static final Duration DISORDER = Duration.ofSeconds(1);

  private final TreeMap<Instant, Map<String, Integer>> recent = new TreeMap<>();
  private final Map<String, Integer> again = new HashMap<>();
  private Instant since = Instant.EPOCH;

  /** From when on the next reading has to be; absent while nothing was read. */
  Optional<Instant> since() {
    return since.equals(Instant.EPOCH) ? Optional.empty() : Optional.of(since);
  }

  /** Another reading begins. */
  void reopened() {
    again.clear();
    recent
        .values()
        .forEach(lines -> lines.forEach((line, n) -> again.merge(line, n, Integer::sum)));
  }

  /**
   * Takes a line with its time before it.
   *
   * @return its text, if it is new
   */
  Optional<String> take(String line) {
    int end = line.indexOf(' ');
    Optional<Instant> time = time(line);
    if (time.isEmpty()) {
      throw new IllegalArgumentException("a line without its time");
    }
    Instant second = time.get().truncatedTo(ChronoUnit.SECONDS);
    if (comesAgain(line)) {
      return Optional.empty();
    }
    recent.computeIfAbsent(second, _ -> new HashMap<>()).merge(line, 1, Integer::sum);
    Instant from = second.minus(DISORDER);
    // Earlier than that only where the node's clock was set back.
    if (from.isAfter(since) || second.isBefore(since)) {
      since = from;
      recent.headMap(since).clear();
    }
    return Optional.of(end < 0 ? "" : line.substring(end + 1));
  }

  private boolean comesAgain(String line) {
    Integer left = again.get(line);
    if (left == null) {
      return false;
    }
    if (left > 1) {
      again.put(line, left - 1);
    } else {
      again.remove(line);
    }
    return true;
  }

  /** Whether it is a line of the container, and nothing that the kubelet says itself. */
  static boolean isOfContainer(String line) {
    return time(line).isPresent();
  }

  private static Optional<Instant> time(String line) {
    int end = line.indexOf(' ');
    try {
      return Optional.of(Instant.parse(end < 0 ? line : line.substring(0, end)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
