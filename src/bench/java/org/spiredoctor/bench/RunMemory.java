package org.spiredoctor.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The peak of the memory in MiB over a whole successful run: the last peak that was seen, looking
 * every half millisecond. What a process takes in its last half millisecond is missed.
 */
final class RunMemory implements RoundRobin.Measure<Double> {
  private static final Duration LIMIT = Duration.ofSeconds(15);

  /** It has given up its memory; what is left is to be told of its end. */
  private static final Duration TO_END = Duration.ofSeconds(1);

  private static final long BETWEEN_LOOKS_NANOS = 500_000;

  private final Processes processes;
  private final Path agent;

  RunMemory(Processes processes, Path agent) {
    this.processes = processes;
    this.agent = agent;
  }

  @Override
  public Double once(Trial trial, RoundRobin.Turn turn)
      throws IOException, InterruptedException, RunFailedException {
    try (Child child = processes.start(trial.command(agent))) {
      double peak = 0;
      Optional<Memory> seen = Memory.of(child.pid());
      while (seen.isPresent()) {
        peak = Math.max(peak, seen.get().peakMib());
        if (System.nanoTime() - child.started() > LIMIT.toNanos()) {
          throw child.failed("still running after " + LIMIT.toSeconds() + " s");
        }
        LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        seen = Memory.of(child.pid());
      }
      child.succeeded(TO_END);
      if (peak == 0) {
        throw child.failed("ended before it could be looked at");
      }
      return peak;
    }
  }
}
