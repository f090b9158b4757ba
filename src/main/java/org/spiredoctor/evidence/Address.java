package org.spiredoctor.evidence;

import java.util.Optional;
import org.spiredoctor.spire.Endpoint;
import org.spiredoctor.spire.MalformedEndpointException;

/**
 * The address of the Workload API, and who said so.
 *
 * @param text as it was written
 * @param origin who said so
 * @param source the name of the flag or variables, or how it was found
 * @param endpoint what the text means; absent when it is malformed
 * @param problem what is wrong with the text
 * @param suggestion what was probably meant
 */
public record Address(
    String text,
    Origin origin,
    String source,
    Optional<Endpoint> endpoint,
    Optional<String> problem,
    Optional<String> suggestion) {

  /** In falling order of authority. */
  public enum Origin {
    FLAG,
    VARIABLE,
    DETECTED,
    DEFAULT
  }

  /** Reads an address as SPIFFE libraries read it. */
  public static Address strict(String text, Origin origin, String source) {
    try {
      return good(text, origin, source, Endpoint.parse(text));
    } catch (MalformedEndpointException e) {
      return bad(text, origin, source, e);
    }
  }

  /** Reads an address, or the absolute path of a socket. */
  public static Address lenient(String text, Origin origin, String source) {
    try {
      return good(text, origin, source, Endpoint.parseLenient(text));
    } catch (MalformedEndpointException e) {
      return bad(text, origin, source, e);
    }
  }

  private static Address good(String text, Origin origin, String source, Endpoint endpoint) {
    return new Address(
        text, origin, source, Optional.of(endpoint), Optional.empty(), Optional.empty());
  }

  private static Address bad(
      String text, Origin origin, String source, MalformedEndpointException e) {
    return new Address(
        text, origin, source, Optional.empty(), Optional.of(e.problem()), e.suggestion());
  }
}
