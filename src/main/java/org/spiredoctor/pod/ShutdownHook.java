package org.spiredoctor.pod;

/** Something that is done when the process is stopped, as long as this is open. */
public final class ShutdownHook implements AutoCloseable {
  private final Thread thread;

  private ShutdownHook(Thread thread) {
    this.thread = thread;
  }

  /** From now on. */
  public static ShutdownHook of(Runnable action) {
    Thread thread = Thread.ofPlatform().unstarted(action);
    Runtime.getRuntime().addShutdownHook(thread);
    return new ShutdownHook(thread);
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
