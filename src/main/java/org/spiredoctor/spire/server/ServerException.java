package org.spiredoctor.spire.server;

import java.io.Serial;

/**
 * A SPIRE server did not answer, or not what was asked; of a change it is not known what it did.
 */
public final class ServerException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** Why. */
  public enum Reason {
    /** This user or identity is not allowed to. */
    FORBIDDEN,
    /** There is no such thing, or no such method. */
    ABSENT,
    /** It did not answer, or not well. */
    FAILED,
    /** This way to it does not lead to an answer. */
    NOT_ASKED
  }

  private final Reason reason;
  private final String asked;

  /**
   * @param asked what was asked of whom; empty where the answer names it
   * @param answer what came back; untrusted
   */
  public ServerException(Reason reason, String asked, String answer) {
    super(answer);
    this.reason = reason;
    this.asked = asked;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /**
   * What was asked of whom: {@code ListEntries of the SPIRE server at spire:8081}; empty where the
   * answer names the command that was run.
   */
  public String asked() {
    return asked;
  }

  /** What came back; untrusted. */
  public String answer() {
    return String.valueOf(getMessage());
  }
}
