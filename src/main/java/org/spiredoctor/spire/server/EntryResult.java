package org.spiredoctor.spire.server;

import java.util.Optional;
import org.spiredoctor.identity.Entry;

/**
 * What came of the change of one entry ({@code spire.api.types.Status}).
 *
 * @param code of gRPC; 0 when it was made
 * @param message of the server; untrusted
 * @param entry as the server has it after the change; absent where its answer does not tell
 */
public record EntryResult(int code, String message, Optional<Entry> entry) {

  /** Of an entry that the server does not tell. */
  EntryResult(int code, String message) {
    this(code, message, Optional.empty());
  }
}
