package org.spiredoctor.registration.server;

/** Entries could not be read or made; of a batch it is not known which were made. */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1;

  private final String asked;
  private final boolean refused;
  private final boolean nothingSent;

  /**
   * @param asked what was being done
   * @param answer what came back; untrusted
   * @param refused whether we may not, so that nothing was made
   */
  StoreException(String asked, String answer, boolean refused) {
    this(asked, answer, refused, refused);
  }

  private StoreException(String asked, String answer, boolean refused, boolean nothingSent) {
    super(answer);
    this.asked = asked;
    this.refused = refused;
    this.nothingSent = nothingSent;
  }

  /** The same of what was read before a change that then was not sent. */
  StoreException beforeSending() {
    return new StoreException(asked, answer(), refused, true);
  }

  /** Whether it is certain that nothing was changed. */
  public boolean nothingSent() {
    return nothingSent;
  }

  /** What was being done. */
  public String asked() {
    return asked;
  }

  /** What came back. */
  public String answer() {
    return String.valueOf(getMessage());
  }

  /** Whether we may not do it. */
  public boolean refused() {
    return refused;
  }
}
