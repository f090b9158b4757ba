package org.spiredoctor.spire.server;

import static org.spiredoctor.spire.server.Wire.BYTES;
import static org.spiredoctor.spire.server.Wire.FIELD;
import static org.spiredoctor.spire.server.Wire.NUMBER;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Pool;

/** Reads what came of the entries of a batch. */
final class ResultReader {
  private ResultReader() {}

  /**
   * Reads the answer to any of the batches: their results are field 1, and the status is field 1 of
   * each.
   */
  static List<EntryResult> all(CodedInputStream in) throws IOException {
    return all(in, false);
  }

  /** The same of entries that were created: each is field 2 of its result. */
  static List<EntryResult> withEntries(CodedInputStream in) throws IOException {
    return all(in, true);
  }

  private static List<EntryResult> all(CodedInputStream in, boolean entries) throws IOException {
    Pool pool = new Pool();
    List<EntryResult> all = new ArrayList<>();
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

  private static EntryResult result(CodedInputStream in, boolean entries, Pool pool)
      throws IOException {
    EntryResult[] status = {new EntryResult(0, "")};
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
    return new EntryResult(
        status[0].code(),
        status[0].message(),
        // Of one that was not created it repeats what was sent.
        entry.stream().filter(one -> !one.id().isEmpty()).findFirst());
  }

  private static EntryResult status(CodedInputStream in) throws IOException {
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
    return new EntryResult(code[0], message[0]);
  }
}
