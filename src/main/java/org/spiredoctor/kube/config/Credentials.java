package org.spiredoctor.kube.config;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** What shows the API server who asks. It is asked for each request, since tokens are renewed. */
public interface Credentials {
  /**
   * What is shown now.
   *
   * @param authorization the header of that name
   */
  record Shown(Optional<String> authorization, Optional<ClientCertificate> certificate) {
    /** Nothing: an anonymous user. */
    static final Shown NOTHING = new Shown(Optional.empty(), Optional.empty());

    /**
     * A bearer token.
     *
     * @param where it was read, for the message
     */
    static Shown bearer(String token, Optional<ClientCertificate> certificate, String where)
        throws ConfigException {
      if (!isHeader(token)) {
        throw new ConfigException(
            where + ": the token has characters that an HTTP header cannot carry");
      }
      return new Shown(Optional.of("Bearer " + token), certificate);
    }

    static Shown basic(String user, String password, Optional<ClientCertificate> certificate) {
      return new Shown(Optional.of(Credentials.basic(user, password)), certificate);
    }

    /** Nothing of it is for people to read. */
    @Override
    public String toString() {
      return "Shown[…]";
    }
  }

  /**
   * What to show.
   *
   * @throws ConfigException when it cannot be had; with what to do
   */
  Shown now() throws ConfigException;

  /**
   * The API server has refused what was shown (401). Requests are sent side by side, so others may
   * have renewed it meanwhile.
   *
   * @return whether {@link #now} gives something else
   */
  default boolean renewed(Shown refused) throws ConfigException {
    return false;
  }

  /** Credentials that stay as they are. */
  static Credentials fixed(Shown shown) {
    return () -> shown;
  }

  /** Whether an HTTP header can carry a text as it is: printable ASCII. */
  static boolean isHeader(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }

  /** The header of basic authentication (RFC 7617). */
  static String basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }
}
