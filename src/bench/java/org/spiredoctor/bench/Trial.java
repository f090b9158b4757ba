package org.spiredoctor.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * One way to run one contestant.
 *
 * @param contestant its name
 * @param how it is run, for the reader
 * @param command for a given socket
 * @param pace whether it is quick, or sleeps for seconds
 * @param cycle after which it does the same again while it waits; the socket must not march in step
 * @param connects whether it ever connects to the socket
 */
record Trial(
    String contestant,
    String how,
    Function<Path, List<String>> command,
    Pace pace,
    Duration cycle,
    boolean connects) {

  /** How often it can be run within reasonable time. */
  enum Pace {
    QUICK,
    SLOW
  }

  static Trial quick(String contestant, String how, Function<Path, List<String>> command) {
    return new Trial(contestant, how, command, Pace.QUICK, Duration.ofSeconds(1), true);
  }

  static Trial slow(
      String contestant, String how, Function<Path, List<String>> command, Duration cycle) {
    return new Trial(contestant, how, command, Pace.SLOW, cycle, true);
  }

  /** The same of one that only looks at the path. */
  Trial neverConnecting() {
    return new Trial(contestant, how, command, pace, cycle, false);
  }

  List<String> command(Path socket) {
    return command.apply(socket);
  }
}
