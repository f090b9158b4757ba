package org.spiredoctor.growth;

/** Counts what {@link CountingLoader}'s classes do: calls of their methods, and branches. */
public final class Steps {
  private static long taken;

  private Steps() {}

  /** One more; called by the classes that are counted, on one thread. */
  public static void step() {
    taken++;
  }

  /** How many a piece of work takes. */
  static long of(Runnable work) {
    long before = taken;
    work.run();
    return taken - before;
  }
}
