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

  /** The end of the year 9999, as in what the server's program prints. */
  private static final long LAST = 253_402_300_799L;

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

  /** Seconds since 1970; 0 means never, and so does what is before it or beyond the year 9999. */
  static Optional<Instant> seconds(CodedInputStream in) throws IOException {
    long seconds = in.readInt64();
    return seconds <= 0 || seconds > LAST
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(seconds));
  }
}
