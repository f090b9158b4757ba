package org.spiredoctor.cli;

import java.io.Serial;

/** The command was called in a way that makes no sense; exit code 2. */
final class UsageException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
