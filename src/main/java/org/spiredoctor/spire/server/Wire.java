package org.spiredoctor.spire.server;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.spiredoctor.identity.Pool;

/**
 * Reads protobuf messages field by field, as they come in. Generated classes would hold every
 * message twice, and need reflection in a native image.
 */
final class Wire {
  /** The low bits of a tag: a message, a text or bytes; the field's number is above them. */
  static final int BYTES = WireFormat.WIRETYPE_LENGTH_DELIMITED;

  /** The low bits of a tag: a number or a truth value. */
  static final int NUMBER = WireFormat.WIRETYPE_VARINT;

  /** A field's number begins here. */
  static final int FIELD = 3;

  private Wire() {}

  /** Takes a field's value; false for one that is not wanted. */
  interface Fields {
    boolean take(int tag) throws IOException;
  }

  /** Reads a message to its end. */
  static void message(CodedInputStream in, Fields fields) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (!fields.take(tag)) {
        in.skipField(tag);
      }
    }
  }

  /** Reads a message that is a field. */
  static void nested(CodedInputStream in, Fields fields) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    message(in, fields);
    in.popLimit(limit);
  }

  /** Reads a {@code spire.api.types.SPIFFEID}. */
  static String id(CodedInputStream in, Pool pool) throws IOException {
    String[] parts = {"", ""};
    nested(
        in,
        tag -> {
          switch (tag) {
            case 1 << FIELD | BYTES -> parts[0] = in.readString();
            case 2 << FIELD | BYTES -> parts[1] = in.readString();
            default -> {
              return false;
            }
          }
          return true;
        });
    return pool.id(parts[0], parts[1]);
  }

  /** Reads a time. */
  static Optional<Instant> seconds(CodedInputStream in) throws IOException {
    return Seconds.of(in.readInt64());
  }
}
