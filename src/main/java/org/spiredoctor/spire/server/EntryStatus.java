package org.spiredoctor.spire.server;

import static org.spiredoctor.spire.server.Wire.BYTES;
import static org.spiredoctor.spire.server.Wire.FIELD;
import static org.spiredoctor.spire.server.Wire.NUMBER;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Pool;

/**
 * What came of the change of one entry ({@code spire.api.types.Status}).
 *
 * @param code of gRPC; 0 when it was made
 * @param message of the server; untrusted
 * @param entry as the server has it after the change; absent where its answer is not read so far
 */
public record EntryStatus(int code, String message, Optional<Entry> entry) {
  /** The server left an entry out of its answer: {@code UNKNOWN} to gRPC. */
  static final EntryStatus NONE = new EntryStatus(2, "the server said nothing of it");

  EntryStatus(int code, String message) {
    this(code, message, Optional.empty());
  }

  /**
   * Reads the answer to any of the batches: their results are field 1, and the status is field 1 of
   * each.
   */
  static List<EntryStatus> all(CodedInputStream in) throws IOException {
    return all(in, false);
  }

  /** The same of entries that were created: each is field 2 of its result. */
  static List<EntryStatus> withEntries(CodedInputStream in) throws IOException {
    return all(in, true);
  }

  private static List<EntryStatus> all(CodedInputStream in, boolean entries) throws IOException {
    Pool pool = new Pool();
    List<EntryStatus> all = new ArrayList<>();
    Wire.message(
        in,
        tag -> {
          if (tag != (1 << FIELD | BYTES)) {
            return false;
          }
          all.add(result(in, entries, pool));
          return true;
        });
    return all;
  }

  private static EntryStatus result(CodedInputStream in, boolean entries, Pool pool)
      throws IOException {
    EntryStatus[] status = {new EntryStatus(0, "")};
    List<Entry> entry = new ArrayList<>(1);
    Wire.nested(
        in,
        tag -> {
          if (tag == (1 << FIELD | BYTES)) {
            status[0] = status(in);
            return true;
          }
          if (entries && tag == (2 << FIELD | BYTES)) {
            entry.add(EntryMessageReader.read(in, pool));
            return true;
          }
          return false;
        });
    return new EntryStatus(status[0].code(), status[0].message(), entry.stream().findFirst());
  }

  private static EntryStatus status(CodedInputStream in) throws IOException {
    int[] code = {0};
    String[] message = {""};
    Wire.nested(
        in,
        tag -> {
          switch (tag) {
            case 1 << FIELD | NUMBER -> code[0] = in.readInt32();
            case 2 << FIELD | BYTES -> message[0] = in.readString();
            default -> {
              return false;
            }
          }
          return true;
        });
    return new EntryStatus(code[0], message[0]);
  }
}
