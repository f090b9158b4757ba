package org.spiredoctor.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Runs contestants in turn rather than one after the other, so that whatever else the machine does
 * hits all alike. Each is run once before, unmeasured, to bring it into the page cache, save the
 * slow ones, whose sleep dwarfs that; who fails then is not measured.
 */
final class RoundRobin {
  /** After that many failures a contestant is not run again: each may cost a whole time limit. */
  private static final int MOST_FAILURES = 3;

  private static final Duration BETWEEN = Duration.ofMillis(20);

  /** One run. */
  interface Measure<T> {
    T once(Trial trial, Turn turn) throws IOException, InterruptedException, RunFailedException;
  }

  /** Which run of how many it is. */
  record Turn(int number, int of) {}

  private final int runs;
  private final int slowRuns;
  private final Processes processes;

  RoundRobin(int runs, int slowRuns, Processes processes) {
    this.runs = runs;
    this.slowRuns = slowRuns;
    this.processes = processes;
  }

  <T> List<Row<T>> measure(String what, List<Trial> trials, Measure<T> measure)
      throws IOException, InterruptedException {
    List<Row<T>> rows =
        trials.stream()
            .map(trial -> new Row<T>(trial, new ArrayList<>(), new ArrayList<>()))
            .toList();
    System.err.println("Measuring " + what + " ...");
    for (Row<T> row : rows) {
      if (row.trial().pace() == Trial.Pace.QUICK) {
        attempt(new Row<>(row.trial(), new ArrayList<>(), row.failures()), new Turn(0, 1), measure);
      }
    }
    List<Row<T>> fit = rows.stream().filter(row -> row.failures().isEmpty()).toList();
    for (int round = 0; round < runs; round++) {
      List<Row<T>> order = new ArrayList<>(fit);
      Collections.rotate(order, -round);
      for (Row<T> row : order) {
        int of = row.trial().pace() == Trial.Pace.QUICK ? runs : slowRuns;
        int turn = round * of / runs;
        // The few runs of the slow ones are spread over all rounds.
        if ((round + 1) * of / runs > turn && row.failures().size() < MOST_FAILURES) {
          attempt(row, new Turn(turn, of), measure);
        }
      }
    }
    return rows;
  }

  private <T> void attempt(Row<T> row, Turn turn, Measure<T> measure)
      throws IOException, InterruptedException {
    try {
      row.values().add(measure.once(row.trial(), turn));
    } catch (RunFailedException e) {
      if (processes.closed()) {
        throw new StoppedException();
      }
      row.failures().add(String.valueOf(e.getMessage()));
      System.err.println("  " + row.trial().contestant() + ": " + e.getMessage());
    }
    Thread.sleep(BETWEEN);
  }
}
