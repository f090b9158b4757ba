package org.spiredoctor.bench;

/** The benchmark is being stopped (Ctrl-C): no process is started any more. */
final class StoppedException extends RuntimeException {
  StoppedException() {
    super("stopped");
  }
}
