package org.spiredoctor.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What was measured of one contestant.
 *
 * @param trial what was run
 * @param values one of each run that succeeded
 * @param failures what was said in those that did not
 */
record Row<T>(Trial trial, List<T> values, List<String> failures) {

  /** The row for one number out of each value. */
  Line line(ToDoubleFunction<T> number) {
    return new Line(
        trial.contestant(),
        trial.how(),
        new Samples(values.stream().map(number::applyAsDouble).toList()),
        failures);
  }
}
