package org.spiredoctor.spire.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/** Times as SPIRE writes them: seconds since 1970; 0 means never. */
final class Seconds {
  /** The end of the year 9999: RFC 3339 knows no later time, and sums of later ones overflow. */
  private static final long LAST = 253_402_300_799L;

  private Seconds() {}

  /** Never, too, is what is before 1970 or beyond the year 9999. */
  static Optional<Instant> of(long seconds) {
    return seconds <= 0 || seconds > LAST
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(seconds));
  }

  /** As protobuf's JSON writes them. */
  static Optional<Instant> of(JsonNode node) {
    return of(node.asLong());
  }
}
