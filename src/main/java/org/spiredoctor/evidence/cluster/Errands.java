package org.spiredoctor.evidence.cluster;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads that ask for something, all of which can be stopped: those that are to come, too. */
final class Errands {
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  /** To be closed by whoever asks; that waits for all answers. */
  ExecutorService threads() {
    return Executors.newThreadPerTaskExecutor(
        task -> Thread.ofVirtual().unstarted(() -> run(task)));
  }

  private void run(Runnable task) {
    Thread thread = Thread.currentThread();
    running.add(thread);
    try {
      if (stopped) {
        thread.interrupt();
      }
      task.run();
    } finally {
      running.remove(thread);
    }
  }

  /** Ends all waiting. What is asked from now on is not waited for either. */
  void stop() {
    stopped = true;
    running.forEach(Thread::interrupt);
  }
}
