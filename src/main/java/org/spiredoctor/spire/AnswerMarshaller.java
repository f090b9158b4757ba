package org.spiredoctor.spire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Turns a message into facts and wipes the message. A message may hold private keys and tokens, so
 * it is read into one array of our own, parsed without copying, and overwritten with zeros before
 * anybody else sees the answer.
 */
final class AnswerMarshaller implements MethodDescriptor.Marshaller<Answer> {

  /** Reads one message; must keep no reference to what it reads. */
  @FunctionalInterface
  interface Reader {
    Answer read(CodedInputStream message, int bytes) throws IOException;
  }

  private final Reader reader;

  AnswerMarshaller(Reader reader) {
    this.reader = reader;
  }

  @Override
  public InputStream stream(Answer value) {
    throw new UnsupportedOperationException("a client sends no answers");
  }

  @Override
  public Answer parse(InputStream stream) {
    byte[] message = {};
    try {
      // Exactly one array: growing one would leave copies behind.
      message = new byte[stream.available()];
      int _ = stream.readNBytes(message, 0, message.length);
      CodedInputStream input = UnsafeByteOperations.unsafeWrap(message).newCodedInput();
      input.enableAliasing(true);
      return reader.read(input, message.length);
    } catch (IOException | RuntimeException e) {
      // The exception's own text and the message in it stay here: they may quote the content.
      throw Status.INTERNAL
          .withDescription("the answer is not a message of the Workload API")
          .asRuntimeException();
    } finally {
      Arrays.fill(message, (byte) 0);
    }
  }
}
