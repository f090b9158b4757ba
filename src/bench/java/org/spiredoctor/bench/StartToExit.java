package org.spiredoctor.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Milliseconds from the start of the process to its end, against an agent that serves. Nothing
 * looks at the process meanwhile.
 */
final class StartToExit implements RoundRobin.Measure<Double> {
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final Processes processes;
  private final Path agent;

  StartToExit(Processes processes, Path agent) {
    this.processes = processes;
    this.agent = agent;
  }

  @Override
  public Double once(Trial trial, RoundRobin.Turn turn)
      throws IOException, InterruptedException, RunFailedException {
    try (Child child = processes.start(trial.command(agent))) {
      return (child.succeeded(LIMIT) - child.started()) / 1e6;
    }
  }
}
