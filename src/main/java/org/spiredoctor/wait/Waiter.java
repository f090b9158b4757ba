package org.spiredoctor.wait;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.PathElement;
import org.spiredoctor.spire.Answer;
import org.spiredoctor.spire.CallEvent;
import org.spiredoctor.spire.Ending;
import org.spiredoctor.spire.Request;
import org.spiredoctor.wait.Result.End;
import org.spiredoctor.wait.World.Happening;

/**
 * Waits until the goal is reached, time is up, or waiting cannot help. One call is open at a time;
 * it is renewed when it ends or when the socket is replaced.
 */
public final class Waiter {

  /** How often to look where no change is announced, as on file systems without inotify. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

  /** A live agent sends its HTTP/2 settings at once; after this the call is made anew. */
  static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(10);

  /** An agent that is silent for as long as this is silent for a reason. */
  private static final Duration TELLING = Duration.ofSeconds(1);

  private final World world;
  private final Goal goal;
  private final WaitLimits limits;
  private final Progress progress;
  private final History history = new History();

  private @Nullable OpenCall open;
  private Duration tryAt = Duration.ZERO;
  private Duration pause = Backoff.SHORTEST;
  private Duration reportAt = Duration.ZERO;
  private boolean socketSeen;
  private FileKind lying = FileKind.MISSING;
  private long lastSocket;
  private int calls;

  /**
   * @param out is given each line of progress
   */
  public Waiter(World world, Goal goal, WaitLimits limits, Consumer<String> out) {
    this.world = world;
    this.goal = goal;
    this.limits = limits;
    this.progress = new Progress(goal, limits, out);
  }

  /** A call under way, and the socket that it went to. */
  private record OpenCall(
      int number, Request request, Duration began, long socket, History.Draft draft) {}

  /** Waits. A call that is open at the end stays open until the world is closed. */
  public Result await() throws InterruptedException {
    progress.begin();
    while (true) {
      Optional<End> end = look();
      if (end.isEmpty() && world.elapsed().compareTo(limits.timeout()) >= 0) {
        end = Optional.of(End.TIMED_OUT);
      }
      if (end.isEmpty()) {
        report();
        end = handle(world.next(untilNext()));
      }
      if (end.isPresent()) {
        return end(end.get());
      }
    }
  }

  private Result end(End end) {
    OpenCall call = open;
    if (call != null) {
      boolean telling = end == End.READY || lasted(call).compareTo(TELLING) >= 0;
      conclude(call, telling);
    }
    return new Result(end, world.elapsed(), socketSeen, history.attempts());
  }

  /** Looks at the path, and calls when it is time to. */
  private Optional<End> look() throws InterruptedException {
    PathElement step = world.look();
    FileKind kind = step.kind();
    lying = kind;
    if (kind == FileKind.SOCKET && !socketSeen) {
      socketSeen = true;
      progress.socketFound(step.path());
    }
    if (!limits.keepWaiting() && hopeless(kind)) {
      return Optional.of(End.HOPELESS);
    }
    if (kind != FileKind.SOCKET) {
      return Optional.empty();
    }
    if (goal instanceof Goal.Socket) {
      return Optional.of(sleepGrace());
    }
    OpenCall call = open;
    Optional<Answer> answer = call == null ? Optional.empty() : call.draft().answer();
    if (answer.isPresent() && Verification.reached(goal, answer.get(), world.now())) {
      // An SVID that was not valid yet when it came may be by now.
      return reached(answer.get());
    }
    if (call != null && (call.socket() != step.identity() || neverAnswered(call))) {
      hangUp(call, neverAnswered(call));
      tryAt = world.elapsed();
    }
    if (step.identity() != lastSocket) {
      lastSocket = step.identity();
      pause = Backoff.SHORTEST;
      tryAt = world.elapsed();
    }
    if (open == null && world.elapsed().compareTo(tryAt) >= 0) {
      call(step);
    }
    return Optional.empty();
  }

  private boolean hopeless(FileKind kind) {
    return switch (kind) {
      case FILE, DIRECTORY, OTHER -> true;
      case MISSING -> world.nothingMounted();
      case SOCKET ->
          history.lastKind() == Ending.Kind.UNIMPLEMENTED
              || (history.lastKind() == Ending.Kind.REFUSED && world.socketIsMount());
      case HIDDEN, BROKEN -> false;
    };
  }

  private End sleepGrace() throws InterruptedException {
    progress.grace();
    Duration until = world.elapsed().plus(limits.grace());
    while (world.elapsed().compareTo(until) < 0) {
      if (world.next(until.minus(world.elapsed())) instanceof Happening.Stopped) {
        return End.STOPPED;
      }
    }
    progress.ready();
    return End.READY;
  }

  private boolean neverAnswered(OpenCall call) {
    return !call.draft().connected() && lasted(call).compareTo(HANDSHAKE_LIMIT) > 0;
  }

  private void call(PathElement step) {
    Request request =
        goal instanceof Goal.Identity ? new Request.X509Svids() : new Request.X509Bundles();
    int number = ++calls;
    Duration began = world.elapsed();
    open = new OpenCall(number, request, began, step.identity(), new History.Draft(request, began));
    // Longer than the rest of our time, so that it is we who end it and say so.
    world.call(number, request, limits.timeout().minus(began).plusSeconds(60));
  }

  /**
   * Keeps how the call went.
   *
   * @param telling whether its silence says something; that of a call that had only just begun does
   *     not
   */
  private void conclude(OpenCall call, boolean telling) {
    if (telling || call.draft().answered()) {
      history.add(call.draft().ended(world.elapsed(), Ending.silence(call.draft().connected())));
    }
    open = null;
  }

  private void hangUp(OpenCall call, boolean telling) {
    conclude(call, telling);
    world.hangUp();
  }

  private Duration lasted(OpenCall call) {
    return world.elapsed().minus(call.began());
  }

  private Optional<End> handle(Happening happening) {
    return switch (happening) {
      // Either way it is time to look again.
      case Happening.Changed _, Happening.Nothing _ -> Optional.empty();
      case Happening.Stopped _ -> Optional.of(End.STOPPED);
      case Happening.Call(int number, CallEvent event) -> {
        OpenCall call = open;
        yield call != null && call.number() == number ? handle(call, event) : Optional.empty();
      }
    };
  }

  private Optional<End> handle(OpenCall call, CallEvent event) {
    return switch (event) {
      case CallEvent.Connected _ -> {
        call.draft().connect();
        yield Optional.empty();
      }
      case CallEvent.Answered(Answer answer) -> {
        call.draft().answer(answer, world.elapsed());
        yield reached(answer);
      }
      case CallEvent.Ended(Ending ending) -> {
        history.add(call.draft().ended(world.elapsed(), ending));
        open = null;
        pause = Backoff.next(pause, ending.kind());
        tryAt = world.elapsed().plus(pause);
        yield reached(ending);
      }
    };
  }

  private Optional<End> reached(Answer answer) {
    if (!Verification.reached(goal, answer, world.now())) {
      return Optional.empty();
    }
    progress.served(answer);
    return Optional.of(End.READY);
  }

  private Optional<End> reached(Ending ending) {
    if (!(goal instanceof Goal.Serving) || !ending.kind().servedByAgent()) {
      return Optional.empty();
    }
    progress.served(ending);
    return Optional.of(End.READY);
  }

  private void report() {
    OpenCall call = open;
    if (call != null && reportAt.isZero()) {
      // It has only just been made, and may be answered in a moment.
      reportAt = limits.interval();
    } else if (world.elapsed().compareTo(reportAt) >= 0) {
      progress.waiting(
          world.elapsed(),
          lying,
          call == null ? history.lastEnding() : Optional.empty(),
          call != null && call.draft().connected());
      // After a standstill only one line, not all that were missed.
      while (reportAt.compareTo(world.elapsed()) <= 0) {
        reportAt = reportAt.plus(limits.interval());
      }
    }
  }

  private Duration untilNext() {
    Duration now = world.elapsed();
    Duration until = limits.timeout().minus(now);
    until = shorter(until, reportAt.minus(now));
    until = shorter(until, LOOK_AGAIN);
    if (open == null && lying == FileKind.SOCKET) {
      until = shorter(until, tryAt.minus(now));
    }
    return until.isNegative() ? Duration.ZERO : until;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
