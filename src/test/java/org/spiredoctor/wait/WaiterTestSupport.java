package org.spiredoctor.wait;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import java.util.ArrayList;
import java.util.List;
import org.spiredoctor.spire.Answer;

/** The waiting, in a world where time passes by script. */
abstract class WaiterTestSupport {
  static final Goal SOCKET = new Goal.Socket();
  static final Goal SERVING = new Goal.Serving();
  static final Answer BUNDLES = new Answer.X509Bundles(100);
  final List<String> said = new ArrayList<>();

  Result await(ScriptedWorld world, Goal goal) throws InterruptedException {
    return await(world, goal, new WaitLimits(ofMinutes(2), ofSeconds(2), ofSeconds(5), false));
  }

  Result await(ScriptedWorld world, Goal goal, WaitLimits patience) throws InterruptedException {
    return new Waiter(world, goal, patience, said::add).await();
  }
}
