package org.spiredoctor.wait;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.evidence.Attempt;
import org.spiredoctor.spire.Answer;
import org.spiredoctor.spire.Ending;
import org.spiredoctor.spire.Request;

/** The calls made so far, those that went alike put together, so that it stays short. */
final class History {

  /** Enough to see how things began and how they stand. */
  private static final int MOST = 200;

  private final List<Attempt> attempts = new ArrayList<>();

  void add(Attempt attempt) {
    Optional<Attempt> merged =
        attempts.isEmpty() ? Optional.empty() : attempts.getLast().merge(attempt);
    if (merged.isPresent()) {
      attempts.set(attempts.size() - 1, merged.get());
    } else {
      if (attempts.size() == MOST) {
        attempts.remove(1);
      }
      attempts.add(attempt);
    }
  }

  List<Attempt> attempts() {
    return List.copyOf(attempts);
  }

  Optional<Ending> lastEnding() {
    return attempts.isEmpty() ? Optional.empty() : attempts.getLast().ending();
  }

  Ending.@Nullable Kind lastKind() {
    return lastEnding().map(Ending::kind).orElse(null);
  }

  /** An attempt that is not over. */
  static final class Draft {
    private final Request request;
    private final Duration began;
    private boolean connected;
    private @Nullable Duration answeredAfter;
    private @Nullable Answer answer;

    Draft(Request request, Duration began) {
      this.request = request;
      this.began = began;
    }

    Optional<Answer> answer() {
      return Optional.ofNullable(answer);
    }

    boolean answered() {
      return answer != null;
    }

    boolean connected() {
      return connected;
    }

    void connect() {
      connected = true;
    }

    void answer(Answer latest, Duration now) {
      connected = true;
      answer = latest;
      if (answeredAfter == null) {
        answeredAfter = now.minus(began);
      }
    }

    /** The ending counts only if there was no answer before. */
    Attempt ended(Duration now, Ending ending) {
      return new Attempt(
          request,
          began,
          now,
          now.minus(began),
          1,
          connected,
          Optional.ofNullable(answeredAfter),
          Optional.ofNullable(answer),
          answer == null ? Optional.of(ending) : Optional.empty());
    }
  }
}
