package org.spiredoctor.registration.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.spiredoctor.registration.Change;
import org.spiredoctor.registration.server.EntryStore.Result;

/**
 * Sends changes batch by batch. Where several are sent at the same time, the server works on one
 * while the next is on its way; the first is a smaller one, so that they do not end together. After
 * the first that fails no other is begun.
 */
final class Batches {
  private final int size;
  private final int atOnce;

  /**
   * @param size of a batch
   * @param atOnce how many may be without an answer at a time
   */
  Batches(int size, int atOnce) {
    this.size = size;
    this.atOnce = atOnce;
  }

  /** Sends a batch, and learns what came of it, in the order of the batches. */
  interface Sender {
    /** It will be sent now. */
    void begun(List<Change> batch);

    /** Sends it, and waits for the answer; on a thread of its own. */
    List<Result> send(List<Change> batch) throws StoreException;

    /** It was answered. */
    void answered(List<Change> batch, List<Result> said);

    /** It was not. */
    void failed(List<Change> batch, StoreException why);
  }

  private record Open(List<Change> batch, Future<List<Result>> said) {}

  /**
   * Sends all, and waits for all answers.
   *
   * @param progress is told, before each batch, how many changes were answered
   */
  void send(List<Change> changes, Sender sender, IntConsumer progress) throws InterruptedException {
    Deque<Open> open = new ArrayDeque<>();
    boolean well = true;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      int from = 0;
      while (from < changes.size() && well) {
        int some = from == 0 && changes.size() > size ? Math.max(1, size / atOnce) : size;
        List<Change> batch = changes.subList(from, Math.min(changes.size(), from + some));
        progress.accept(from - open.stream().mapToInt(one -> one.batch().size()).sum());
        from += batch.size();
        sender.begun(batch);
        open.add(new Open(batch, threads.submit(() -> sender.send(batch))));
        if (open.size() == atOnce) {
          well = take(open.remove(), sender);
        }
      }
      while (!open.isEmpty()) {
        boolean _ = take(open.remove(), sender);
      }
    }
  }

  /** Whether it went well. */
  private static boolean take(Open one, Sender sender) throws InterruptedException {
    try {
      sender.answered(one.batch(), one.said().get());
      return true;
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof StoreException why)) {
        throw new IllegalStateException("sending a batch", e.getCause());
      }
      sender.failed(one.batch(), why);
      return false;
    }
  }
}
