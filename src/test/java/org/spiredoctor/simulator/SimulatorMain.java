package org.spiredoctor.simulator;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Runs a simulated agent until it is stopped: {@code SimulatorMain SOCKET [FAULT [DELAY-SECONDS]]}.
 */
public final class SimulatorMain {
  private SimulatorMain() {}

  /** Serves. */
  public static void main(String... args) throws Exception {
    if (args.length == 0) {
      System.err.println("usage: SimulatorMain SOCKET [FAULT [DELAY-SECONDS]]; faults:");
      for (Fault fault : Fault.values()) {
        System.err.println("  " + fault);
      }
      System.exit(2);
    }
    Path socket = Path.of(args[0]).toAbsolutePath();
    Fault fault = args.length > 1 ? Fault.of(args[1]) : Fault.NONE;
    Duration delay = Duration.ofSeconds(args.length > 2 ? Long.parseLong(args[2]) : 0);
    Files.createDirectories(socket.getParent());
    SimulatedAgent agent = SimulatedAgent.start(socket, fault, delay);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(agent::shutDown));
    System.out.println("A simulated agent (" + fault + ") serves at unix://" + socket);
    new CountDownLatch(1).await();
  }
}
