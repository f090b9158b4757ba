package org.spiredoctor.spire.server;

import io.grpc.Status;
import java.io.Serial;

/** A SPIRE server did not answer, or not what was asked. */
public final class ServerApiException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final String asked;
  private final Status.Code code;

  ServerApiException(String asked, Status.Code code, String answer) {
    super(answer);
    this.asked = asked;
    this.code = code;
  }

  /** What was asked of whom: {@code ListEntries of the SPIRE server at spire:8081}. */
  public String asked() {
    return asked;
  }

  /** The status that came back, or that stands for what happened on this side. */
  public Status.Code code() {
    return code;
  }

  /** What came back; untrusted. */
  public String answer() {
    return String.valueOf(getMessage());
  }
}
