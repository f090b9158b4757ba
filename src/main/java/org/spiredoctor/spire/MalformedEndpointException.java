package org.spiredoctor.spire;

import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An address that the SPIFFE Workload Endpoint specification, section 4, does not allow. */
public final class MalformedEndpointException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final @Nullable String suggestion;

  MalformedEndpointException(String problem, @Nullable String suggestion) {
    super(problem);
    this.suggestion = suggestion;
  }

  /** What was probably meant, as an address. */
  public Optional<String> suggestion() {
    return Optional.ofNullable(suggestion);
  }

  /** What is wrong with the address, to be read after "…: ". */
  public String problem() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
