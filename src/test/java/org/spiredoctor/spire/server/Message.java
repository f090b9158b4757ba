package org.spiredoctor.spire.server;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A protobuf message, put together field by field. */
final class Message {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  private interface Writing {
    void write() throws IOException;
  }

  private Message put(Writing writing) {
    try {
      writing.write();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Message with(int field, String text) {
    return put(() -> out.writeString(field, text));
  }

  Message with(int field, long number) {
    return put(() -> out.writeInt64(field, number));
  }

  Message with(int field, byte[] value) {
    return put(() -> out.writeByteArray(field, value));
  }

  Message with(int field, Message message) {
    return with(field, message.bytes());
  }

  /** A SPIFFE ID. */
  static Message id(String trustDomain, String path) {
    return new Message().with(1, trustDomain).with(2, path);
  }

  byte[] bytes() {
    put(out::flush);
    return bytes.toByteArray();
  }
}
