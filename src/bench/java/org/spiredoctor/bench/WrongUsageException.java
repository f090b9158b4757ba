package org.spiredoctor.bench;

/** The command line makes no sense. */
final class WrongUsageException extends Exception {
  WrongUsageException(String message) {
    super(message);
  }
}
