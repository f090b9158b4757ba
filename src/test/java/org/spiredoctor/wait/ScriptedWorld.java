package org.spiredoctor.wait;

import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.PathElement;
import org.spiredoctor.spire.Answer;
import org.spiredoctor.spire.CallEvent;
import org.spiredoctor.spire.Ending;
import org.spiredoctor.spire.Ending.Phase;
import org.spiredoctor.spire.Request;

/** A world whose time passes only when it is waited for, and in which things happen by a script. */
final class ScriptedWorld implements World {
  private record Scheduled(Duration at, int order, Runnable what) {}

  private final PriorityQueue<Scheduled> script =
      new PriorityQueue<>(Comparator.comparing(Scheduled::at).thenComparingInt(Scheduled::order));
  private final Deque<Happening> happenings = new ArrayDeque<>();

  /** When each call was made. */
  final List<Duration> calls = new ArrayList<>();

  /** How often the path was looked at. */
  int looks;

  private Duration time = Duration.ZERO;
  private Instant wallClock = Instant.parse("2026-01-02T03:04:05Z");
  private FileKind kind = FileKind.MISSING;
  private long inode = 1;
  private boolean nothingMounted;
  private boolean socketIsMount;
  private BiConsumer<ScriptedWorld, Integer> agent = (_, _) -> {};
  private int open;

  boolean hasOpenCall() {
    return open != 0;
  }

  ScriptedWorld socket() {
    this.kind = FileKind.SOCKET;
    return this;
  }

  ScriptedWorld lying(FileKind what) {
    this.kind = what;
    return this;
  }

  ScriptedWorld nothingIsMounted() {
    this.nothingMounted = true;
    return this;
  }

  ScriptedWorld socketIsAMount() {
    this.socketIsMount = true;
    return this;
  }

  /** What the agent does with a call of a number. */
  ScriptedWorld agent(BiConsumer<ScriptedWorld, Integer> does) {
    this.agent = does;
    return this;
  }

  /** Something that happens at a time. */
  ScriptedWorld at(Duration when, Runnable what) {
    script.add(new Scheduled(when, script.size(), what));
    return this;
  }

  /** A socket appears at a time, announced by inotify. */
  ScriptedWorld socketAppears(Duration when) {
    return at(
        when,
        () -> {
          kind = FileKind.SOCKET;
          inode++;
          happenings.add(new Happening.Changed());
        });
  }

  /** Something else in the directory changes. */
  void changesBesideIt(Duration when) {
    at(when, () -> happenings.add(new Happening.Changed()));
  }

  void stops() {
    happenings.add(new Happening.Stopped());
  }

  void wallClockJumps(Duration by) {
    wallClock = wallClock.plus(by);
  }

  void connects(int call) {
    tell(call, new CallEvent.Connected());
  }

  void answers(int call, Answer answer) {
    connects(call);
    tell(call, new CallEvent.Answered(answer));
  }

  void ends(int call, Status.Code code, String text) {
    connects(call);
    tell(call, new CallEvent.Ended(new Ending(Phase.CALL, code, text, "", false)));
  }

  void refuses(int call) {
    String cause = "ConnectException: Connection refused";
    tell(
        call,
        new CallEvent.Ended(
            new Ending(Phase.CONNECT, Status.Code.UNAVAILABLE, "io exception", cause, false)));
  }

  private void tell(int call, CallEvent event) {
    if (call == open) {
      happenings.add(new Happening.Call(call, event));
    }
  }

  @Override
  public Duration elapsed() {
    return time;
  }

  @Override
  public Instant now() {
    return wallClock;
  }

  @Override
  public PathElement look() {
    looks++;
    return new PathElement(Path.of("/spire-socket/api.sock"), kind, 0777, 0, 0, inode, true);
  }

  @Override
  public boolean nothingMounted() {
    return nothingMounted;
  }

  @Override
  public boolean socketIsMount() {
    return socketIsMount;
  }

  @Override
  public void call(int number, Request request, Duration limit) {
    calls.add(time);
    open = number;
    agent.accept(this, number);
  }

  @Override
  public void hangUp() {
    open = 0;
  }

  @Override
  public Happening next(Duration atMost) {
    Duration until = time.plus(atMost);
    while (happenings.isEmpty() && !script.isEmpty() && script.peek().at().compareTo(until) <= 0) {
      Scheduled next = script.remove();
      time = next.at().compareTo(time) > 0 ? next.at() : time;
      next.what().run();
    }
    if (happenings.isEmpty()) {
      time = until;
      return new Happening.Nothing();
    }
    return happenings.remove();
  }
}
