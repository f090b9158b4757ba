package org.spiredoctor.spire;

import java.io.Serial;

/** There are no credentials to be had. */
public final class CredentialsException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  CredentialsException(String message) {
    super(message);
  }
}
