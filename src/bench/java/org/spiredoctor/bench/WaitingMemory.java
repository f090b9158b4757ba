package org.spiredoctor.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The memory of a process while it waits: connected to an agent that says nothing, or, for the
 * shell loop, which never connects, with no socket there. It is read when the peak has not grown
 * for a while.
 */
final class WaitingMemory implements RoundRobin.Measure<Memory> {
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
  private static final int SAME_LOOKS = 5;

  private final Processes processes;
  private final Scratch scratch;

  WaitingMemory(Processes processes, Scratch scratch) {
    this.processes = processes;
    this.scratch = scratch;
  }

  @Override
  public Memory once(Trial trial, RoundRobin.Turn turn)
      throws IOException, InterruptedException, RunFailedException {
    Path path = scratch.fresh("silent");
    if (!trial.connects()) {
      try (Child child = processes.start(trial.command(path))) {
        child.spoke(LIMIT);
        return settled(child);
      }
    }
    try (SilentAgent agent = SilentAgent.at(path);
        Child child = processes.start(trial.command(path))) {
      agent.accepted(child, LIMIT);
      return settled(child);
    }
  }

  private static Memory settled(Child child) throws InterruptedException, RunFailedException {
    long until = System.nanoTime() + LIMIT.toNanos();
    long peak = -1;
    int same = 0;
    while (true) {
      Optional<Memory> seen = Memory.of(child.pid());
      if (seen.isEmpty()) {
        throw child.failed("ended while it should wait");
      }
      Memory memory = seen.get();
      same = memory.peak() == peak ? same + 1 : 0;
      peak = memory.peak();
      if (same == SAME_LOOKS) {
        return memory;
      }
      if (System.nanoTime() - until > 0) {
        throw child.failed("still grew after " + LIMIT.toSeconds() + " s");
      }
      Thread.sleep(BETWEEN_LOOKS);
    }
  }
}
