package org.spiredoctor.run;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.kube.Pod;

/**
 * Removes the pod of a run, be the API server slow, away for a moment, or still about to make it.
 */
final class Removal {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final TestPodClient client;
  private final Predicate<Pod> isOurs;

  Removal(TestPodClient client, Predicate<Pod> isOurs) {
    this.client = client;
    this.isOurs = isOurs;
  }

  /**
   * Does it.
   *
   * @param certain whether it was there; else it may yet come
   * @return what kept it from being removed; nothing when it is
   */
  Optional<String> remove(boolean certain) {
    long began = System.nanoTime();
    while (true) {
      Optional<String> trouble = Optional.empty();
      try {
        Optional<Pod> there = client.look().filter(isOurs);
        if (there.isPresent() && !there.get().meta().deleting()) {
          client.delete(there.get());
        }
        if (certain || there.isPresent()) {
          return Optional.empty();
        }
      } catch (KubeException e) {
        trouble = Optional.of(e.asked() + ": " + e.answer());
        reconnect();
      }
      if (System.nanoTime() - began > LIMIT.toNanos()) {
        return trouble;
      }
      try {
        Thread.sleep(AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.of("interrupted");
      }
    }
  }

  private void reconnect() {
    try {
      client.reconnect();
    } catch (KubeException e) {
      // It is tried again, and told in the end.
    }
  }
}
