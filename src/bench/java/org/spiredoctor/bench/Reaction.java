package org.spiredoctor.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Milliseconds from the instant at which the agent serves until the process that waits for that has
 * ended with exit code 0. The process waits for some time first; how long varies from run to run
 * over its whole cycle, so that one that looks every two seconds is found at every point of them.
 */
final class Reaction implements RoundRobin.Measure<Double> {
  private static final Duration LIMIT = Duration.ofSeconds(15);

  /** For the waiting to have begun for sure. */
  private static final Duration AT_LEAST = Duration.ofMillis(300);

  private final Processes processes;
  private final Scratch scratch;
  private final Path agent;
  private final RandomGenerator random;

  Reaction(Processes processes, Scratch scratch, Path agent, RandomGenerator random) {
    this.processes = processes;
    this.scratch = scratch;
    this.agent = agent;
    this.random = random;
  }

  @Override
  public Double once(Trial trial, RoundRobin.Turn turn)
      throws IOException, InterruptedException, RunFailedException {
    Path path = scratch.fresh("socket");
    try (Relay relay = Relay.prepare(agent, path);
        Child child = processes.start(trial.command(path))) {
      child.spoke(LIMIT);
      Thread.sleep(AT_LEAST.plusNanos(phase(trial, turn)));
      if (!child.alive()) {
        throw child.failed("ended before there was a socket");
      }
      long appeared = relay.appear();
      return (child.succeeded(LIMIT) - appeared) / 1e6;
    }
  }

  /** Random within equal parts of the cycle, one part for each run: few runs cover it evenly. */
  private long phase(Trial trial, RoundRobin.Turn turn) {
    return (long) (trial.cycle().toNanos() * (turn.number() + random.nextDouble()) / turn.of());
  }
}
