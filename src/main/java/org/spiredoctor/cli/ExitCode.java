package org.spiredoctor.cli;

/** What the program's exit code says. */
final class ExitCode {
  /** Healthy, ready, or done. */
  static final int OK = 0;

  /** Problems found, or not ready in time. */
  static final int PROBLEMS = 1;

  /** Wrong usage, or an output that cannot be written to. */
  static final int USAGE = 2;

  /** It could not be determined, or this program itself failed. */
  static final int UNKNOWN = 3;

  /** {@code register --detailed-exitcode}: there is something to change. */
  static final int CHANGES = 4;

  /** {@code run}: not the tests failed, but what they run in. */
  static final int ENVIRONMENT = 125;

  /** Ended by SIGTERM: 128 + 15, as shells have it. */
  static final int STOPPED = 143;

  private ExitCode() {}
}
