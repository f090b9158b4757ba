package org.spiredoctor.console;

import java.io.Serial;

/** The command was called in a way that makes no sense. */
public final class UsageException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** Says in one line what makes no sense, and what would. */
  public UsageException(String message) {
    super(message);
  }
}
