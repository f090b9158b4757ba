package org.spiredoctor.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Milliseconds from the start of the process until it has connected to the socket. */
final class StartToConnect implements RoundRobin.Measure<Double> {
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final Processes processes;
  private final Scratch scratch;

  StartToConnect(Processes processes, Scratch scratch) {
    this.processes = processes;
    this.scratch = scratch;
  }

  @Override
  public Double once(Trial trial, RoundRobin.Turn turn)
      throws IOException, InterruptedException, RunFailedException {
    Path path = scratch.fresh("silent");
    try (SilentAgent agent = SilentAgent.at(path);
        Child child = processes.start(trial.command(path))) {
      return (agent.accepted(child, LIMIT) - child.started()) / 1e6;
    }
  }
}
