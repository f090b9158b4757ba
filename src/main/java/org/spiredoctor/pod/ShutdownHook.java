package org.spiredoctor.pod;

import java.util.Optional;

/** Something that is done when the process is stopped, as long as this is open. */
public final class ShutdownHook implements AutoCloseable {
  private final Thread thread;

  private ShutdownHook(Thread thread) {
    this.thread = thread;
  }

  /**
   * From now on.
   *
   * @throws IllegalStateException when the process is being stopped already
   */
  public static ShutdownHook of(Runnable action) {
    Thread thread = Thread.ofPlatform().unstarted(action);
    Runtime.getRuntime().addShutdownHook(thread);
    return new ShutdownHook(thread);
  }

  /** The same; nothing where the process is being stopped, and waits for what is under way. */
  static Optional<ShutdownHook> unlessStopped(Runnable action) {
    try {
      return Optional.of(of(action));
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException e) {
      // The process is ending: it is being done.
    }
  }
}
