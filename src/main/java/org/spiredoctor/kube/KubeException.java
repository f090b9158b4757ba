package org.spiredoctor.kube;

/** The API server did not do what it was asked. */
public final class KubeException extends Exception {
  private static final long serialVersionUID = 1;

  /** Why. */
  public enum Reason {
    /** Connection refused, no such host, TLS. */
    UNREACHABLE,
    /** 401: the credentials are missing, wrong or expired. */
    UNAUTHENTICATED,
    /** 403. */
    FORBIDDEN,
    /** 404: no such object, or no such kind. */
    NOT_FOUND,
    /** 409: it is there already, or was changed meanwhile. */
    CONFLICT,
    /** No answer in time. */
    TIMED_OUT,
    OTHER
  }

  private final Reason reason;
  private final String asked;

  /**
   * @param asked verb, resource and namespace, such as {@code list pods}
   * @param answer what came back
   */
  KubeException(Reason reason, String asked, String answer) {
    super(answer);
    this.reason = reason;
    this.asked = asked;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** Verb, resource and namespace: {@code get pods/log in namespace apps}. */
  public String asked() {
    return asked;
  }

  /** What came back. */
  public String answer() {
    return String.valueOf(getMessage());
  }
}
