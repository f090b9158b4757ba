package org.spiredoctor.registration;

import io.spiffe.exception.InvalidSpiffeIdException;
import io.spiffe.spiffeid.SpiffeId;
import io.spiffe.spiffeid.TrustDomain;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads SPIFFE IDs and trust domains as strictly as a SPIRE server does. */
final class Ids {
  private static final String SCHEME = "spiffe://";

  /** SPIFFE-ID, 2.3: the most that may be generated. */
  private static final int LONGEST = 2048;

  private Ids() {}

  /** What an entry grants. */
  static SpiffeId workload(String text) throws WrongValue {
    SpiffeId id = withPath(text, "a workload's is spiffe://TRUST-DOMAIN/PATH");
    if (id.getPath().equals("/spire") || id.getPath().startsWith("/spire/")) {
      throw new WrongValue(
          WrongValue.quote(text)
              + " is in /spire, which SPIRE keeps for itself; take another path");
    }
    return id;
  }

  /** An agent's, a node alias', another workload's, or the server's. */
  static SpiffeId parent(String text) throws WrongValue {
    return withPath(
        text, "a parent is an agent, a node alias, or spiffe://TRUST-DOMAIN/spire/server");
  }

  private static SpiffeId withPath(String text, String right) throws WrongValue {
    SpiffeId id = id(text);
    if (id.getPath().isEmpty()) {
      throw new WrongValue(WrongValue.quote(text) + " has no path; " + right);
    }
    return id;
  }

  private static SpiffeId id(String text) throws WrongValue {
    if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      throw new WrongValue(
          WrongValue.quote(text) + " is longer than a SPIFFE ID may be: " + LONGEST + " bytes");
    }
    try {
      return SpiffeId.parse(text);
    } catch (InvalidSpiffeIdException | IllegalArgumentException e) {
      throw new WrongValue(
          WrongValue.quote(text)
              + " is not a SPIFFE ID (spiffe://TRUST-DOMAIN/PATH)"
              + reason(e.getMessage()));
    }
  }

  /** The name of a trust domain, also where its ID is given, as SPIRE's commands want it. */
  static String trustDomain(String text) throws WrongValue {
    String name = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
    if (name.contains("/")) {
      throw new WrongValue(
          WrongValue.quote(text) + " is not a trust domain; write its name alone, as other.org");
    }
    try {
      return TrustDomain.parse(name).getName();
    } catch (InvalidSpiffeIdException | IllegalArgumentException e) {
      throw new WrongValue(
          WrongValue.quote(text) + " is not the name of a trust domain" + reason(e.getMessage()));
    }
  }

  private static String reason(@Nullable String message) {
    return message == null ? "" : ": " + WrongValue.shortened(message);
  }
}
