package org.spiredoctor.bench;

import java.util.List;

/**
 * A line of a table.
 *
 * @param contestant its name
 * @param how it was run
 * @param samples what was measured
 * @param failures what was said in runs that failed
 */
record Line(String contestant, String how, Samples samples, List<String> failures) {

  static Line of(String contestant, String how, double value) {
    return new Line(contestant, how, new Samples(List.of(value)), List.of());
  }
}
