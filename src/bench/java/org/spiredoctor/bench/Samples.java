package org.spiredoctor.bench;

import java.util.List;

/**
 * Measured values. Medians and quartiles rather than means: what disturbs a measurement only ever
 * makes it longer.
 *
 * @param sorted the values in ascending order
 */
record Samples(List<Double> sorted) {
  Samples(List<Double> sorted) {
    this.sorted = sorted.stream().sorted().toList();
  }

  boolean isEmpty() {
    return sorted.isEmpty();
  }

  int count() {
    return sorted.size();
  }

  double median() {
    return quantile(0.5);
  }

  /** Interpolates between the two nearest values (type 7 of Hyndman and Fan, as R and NumPy do). */
  double quantile(double part) {
    double at = part * (sorted.size() - 1);
    int below = (int) Math.floor(at);
    int above = (int) Math.ceil(at);
    return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
  }

  double min() {
    return sorted.getFirst();
  }

  double max() {
    return sorted.getLast();
  }

  /** {@code 5.55 (5.54 to 5.82)}: the median and the extremes. */
  String spread() {
    return Unit.number(median()) + " (" + Unit.number(min()) + " to " + Unit.number(max()) + ")";
  }
}
