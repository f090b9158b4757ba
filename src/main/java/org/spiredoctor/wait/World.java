package org.spiredoctor.wait;

import java.time.Duration;
import java.time.Instant;
import org.spiredoctor.pod.PathElement;
import org.spiredoctor.spire.CallEvent;
import org.spiredoctor.spire.Request;

/** What the waiter can see and do. Its time is monotonic; the wall clock only judges SVIDs. */
public interface World {

  /** Something that happened outside. */
  sealed interface Happening {

    /** Something changed in or above the socket's directory. */
    record Changed() implements Happening {}

    /** The call of this number got on. */
    record Call(int number, CallEvent event) implements Happening {}

    /** The time asked for has passed, and nothing happened. */
    record Nothing() implements Happening {}

    /** The process is told to stop. */
    record Stopped() implements Happening {}
  }

  /** Time since the waiting began. */
  Duration elapsed();

  /** The wall clock. */
  Instant now();

  /** What lies at the socket's path. */
  PathElement look();

  /** Whether nothing but the container's own root file system leads to the socket's directory. */
  boolean nothingMounted();

  /** Whether the socket itself is a mount point. */
  boolean socketIsMount();

  /** Connects and calls. */
  void call(int number, Request request, Duration limit);

  /** Hangs up; nothing more is heard of that call. */
  void hangUp();

  /** Waits for the next happening. */
  Happening next(Duration atMost) throws InterruptedException;
}
