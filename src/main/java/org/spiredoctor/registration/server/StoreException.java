package org.spiredoctor.registration.server;

/** Entries could not be read or made; of a batch it is not known which were made. */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1;

  private final String asked;
  private final boolean refused;

  /**
   * @param asked what was being done
   * @param answer what came back; untrusted
   * @param refused whether we may not, so that nothing was made
   */
  StoreException(String asked, String answer, boolean refused) {
    super(answer);
    this.asked = asked;
    this.refused = refused;
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
