package org.spiredoctor.bench;

/** One run gave no measurement; the message says what the process said. */
final class RunFailedException extends Exception {
  RunFailedException(String message) {
    super(message);
  }
}
