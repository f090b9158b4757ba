package org.spiredoctor.run.binary;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An executable that can run in any Linux container, one with nothing in it included.
 *
 * @param length in bytes
 * @param sha256 of its content, in hexadecimal digits
 * @param architecture Go's name of it, which is that of a Kubernetes node too: {@code amd64}
 * @param goTest whether it understands the options of Go's tests
 */
public record TestBinary(
    Path file, long length, String sha256, String architecture, boolean goTest) {
  private static final int BUFFER = 64 * 1024;

  /** As it stands in the table of function names, which stripping leaves alone. */
  private static final byte[] GO_TEST = "\0testing.(*M).Run\0".getBytes(StandardCharsets.UTF_8);

  /**
   * Reads a file, without holding it in memory.
   *
   * @throws IOException with what is wrong; {@link FileSystemException#getReason} where it is no
   *     such executable
   */
  public static TestBinary of(Path file) throws IOException {
    if (Files.notExists(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such file");
    }
    if (!Files.isRegularFile(file)) {
      throw wrong(file, Files.isDirectory(file) ? "is a directory" : "is not a regular file");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      String architecture = checked(file, channel);
      MessageDigest digest = newDigest();
      ByteSearch goTest = new ByteSearch(GO_TEST);
      long length = 0;
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer.clear())) {
        digest.update(buffer.array(), 0, n);
        goTest.in(buffer.array(), n);
        length += n;
      }
      return new TestBinary(
          file, length, HexFormat.of().formatHex(digest.digest()), architecture, goTest.found());
    }
  }

  /** Of what comes before the whole is read: a wrong file is refused at once. */
  private static String checked(Path file, FileChannel channel) throws IOException {
    ByteBuffer begin = ByteBuffer.allocate(ElfFile.HEADER);
    while (begin.hasRemaining() && channel.read(begin, begin.position()) >= 0) {
      // A channel may give less than was asked for.
    }
    byte[] bytes = new byte[begin.flip().remaining()];
    begin.get(bytes);
    if (!ElfFile.is(bytes)) {
      throw wrong(file, ForeignFormat.of(bytes));
    }
    try {
      return new ElfFile(channel, bytes).architecture();
    } catch (ElfFile.Unfit e) {
      throw wrong(file, e.text());
    }
  }

  private static FileSystemException wrong(Path file, String why) {
    return new FileSystemException(file.toString(), null, why);
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
