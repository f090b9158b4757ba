package org.spiredoctor.spire.server;

import static org.spiredoctor.spire.server.Wire.BYTES;
import static org.spiredoctor.spire.server.Wire.FIELD;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A part of a list. All lists of SPIRE's API have their items as field 1 and the token of the next
 * page as field 2.
 *
 * @param next empty on the last page
 */
record Page(String next) {
  private static final int SIZE = 1000;

  /** Reads a page, and adds its items. */
  static <T> Page read(CodedInputStream in, Method.Reader<T> item, List<T> into)
      throws IOException {
    String[] next = {""};
    Wire.message(
        in,
        tag -> {
          switch (tag) {
            case 1 << FIELD | BYTES -> into.add(item.read(in));
            case 2 << FIELD | BYTES -> next[0] = in.readString();
            default -> {
              return false;
            }
          }
          return true;
        });
    return new Page(next[0]);
  }

  /**
   * Asks for this page.
   *
   * @param sizeField the number of the field {@code page_size}; {@code page_token} is the next one
   * @param more a field that is set to true; 0 for none
   */
  byte[] question(int sizeField, int more) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeInt32(sizeField, SIZE);
      if (!next.isEmpty()) {
        out.writeString(sizeField + 1, next);
      }
      if (more != 0) {
        out.writeBool(more, true);
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing into memory", e);
    }
    return bytes.toByteArray();
  }
}
