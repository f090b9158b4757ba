package org.spiredoctor.evidence.cluster;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.kube.Redaction;

/**
 * What is asked at the same time, by whom or what it is of; each once.
 *
 * @param <K> of whom or what
 * @param <T> the answer
 */
final class ParallelQueries<K, T> {
  private final ExecutorService threads;
  private final Map<K, Future<Observed<T>>> asked = new LinkedHashMap<>();

  ParallelQueries(ExecutorService threads) {
    this.threads = threads;
  }

  /** A question that may fail. */
  interface Question<T> {
    T ask() throws KubeException, IOException;
  }

  void ask(K of, Question<T> question) {
    asked.computeIfAbsent(of, _ -> threads.submit(() -> answer(question)));
  }

  /** One answer, waited for; none when it was not asked. */
  Observed<T> answer(K of) throws InterruptedException {
    Future<Observed<T>> future = asked.get(of);
    if (future == null) {
      return new Unseen<>(Reason.NOT_ASKED, "read " + of, "not asked");
    }
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("gathering " + of, e.getCause());
    }
  }

  /** All answers, waited for. */
  Map<K, Observed<T>> answers() throws InterruptedException {
    Map<K, Observed<T>> answers = new LinkedHashMap<>();
    for (K of : asked.keySet()) {
      answers.put(of, answer(of));
    }
    return answers;
  }

  /** What came of one; a failure is an answer too. */
  static <T> Observed<T> answer(Question<T> question) {
    try {
      return new Seen<>(question.ask());
    } catch (KubeException e) {
      Reason reason =
          // Whoever stops this program has not found anything out.
          Thread.currentThread().isInterrupted()
              ? Reason.NOT_ASKED
              : switch (e.reason()) {
                case FORBIDDEN -> Reason.FORBIDDEN;
                case NOT_FOUND -> Reason.ABSENT;
                case UNREACHABLE, UNAUTHENTICATED, CONFLICT, TIMED_OUT, OTHER -> Reason.FAILED;
              };
      return new Unseen<>(reason, e.asked(), e.answer());
    } catch (IOException e) {
      return new Unseen<>(
          Thread.currentThread().isInterrupted() ? Reason.NOT_ASKED : Reason.FAILED,
          "read the answer",
          Redaction.text(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      return misunderstood(e);
    }
  }

  /** An answer of another form than was expected is no answer, and ends nothing else. */
  static <T> Observed<T> misunderstood(RuntimeException e) {
    return new Unseen<>(Reason.FAILED, "understand the answer", Redaction.text(String.valueOf(e)));
  }
}
