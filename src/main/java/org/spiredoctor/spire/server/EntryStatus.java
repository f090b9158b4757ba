package org.spiredoctor.spire.server;

import static org.spiredoctor.spire.server.Wire.BYTES;
import static org.spiredoctor.spire.server.Wire.FIELD;
import static org.spiredoctor.spire.server.Wire.NUMBER;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of the change of one entry ({@code spire.api.types.Status}).
 *
 * @param code of gRPC; 0 when it was made
 * @param message of the server; untrusted
 */
public record EntryStatus(int code, String message) {
  /** The server left an entry out of its answer: {@code UNKNOWN} to gRPC. */
  static final EntryStatus NONE = new EntryStatus(2, "the server said nothing of it");

  /**
   * Reads the answer to any of the batches: their results are field 1, and the status is field 1 of
   * each.
   */
  static List<EntryStatus> all(CodedInputStream in) throws IOException {
    List<EntryStatus> all = new ArrayList<>();
    Wire.message(
        in,
        tag -> {
          if (tag != (1 << FIELD | BYTES)) {
            return false;
          }
          all.add(result(in));
          return true;
        });
    return all;
  }

  private static EntryStatus result(CodedInputStream in) throws IOException {
    EntryStatus[] status = {new EntryStatus(0, "")};
    Wire.nested(
        in,
        tag -> {
          if (tag != (1 << FIELD | BYTES)) {
            return false;
          }
          status[0] = status(in);
          return true;
        });
    return status[0];
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
