package org.spiredoctor.kube;

/** Words for what a connection died of. */
final class Failures {
  private Failures() {}

  /** The innermost cause that says something. */
  static String inWords(Throwable thrown) {
    String words = String.valueOf(thrown.getMessage());
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      String message = t.getMessage();
      if (message == null) {
        words =
            t instanceof java.net.ConnectException
                ? "connection refused"
                : t instanceof java.nio.channels.UnresolvedAddressException
                    ? "no such host"
                    : words;
      } else {
        words = message;
      }
    }
    return Redaction.text(words);
  }
}
