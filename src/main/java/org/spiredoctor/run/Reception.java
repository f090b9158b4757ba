package org.spiredoctor.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Takes an executable from a stream. It appears under its name in one step, whole and verified, or
 * not at all. The stream need not end: not every API server can end the standard input of a
 * program.
 */
public final class Reception {
  private static final int BUFFER = 64 * 1024;

  private final Path file;

  /**
   * Of a file.
   *
   * @param file that is made, or replaced
   */
  public Reception(Path file) {
    this.file = file.toAbsolutePath();
  }

  /**
   * Reads as many bytes as were announced.
   *
   * @throws IOException with what came and what was wrong; then nothing is left behind
   */
  public void take(InputStream in, Announced announced) throws IOException {
    Path directory = file.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new NoSuchFileException(String.valueOf(directory), null, "is no directory");
    }
    // In the same directory, so that a rename is all that is left to do.
    Path part = Files.createTempFile(directory, "." + file.getFileName() + ".", ".part");
    ShutdownHook hook = ShutdownHook.of(() -> part.toFile().delete());
    try {
      copy(in, announced, part);
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
      hook.close();
    }
  }

  private static void copy(InputStream in, Announced announced, Path part) throws IOException {
    MessageDigest digest = sha256();
    long left = announced.length();
    try (OutputStream out = new DigestOutputStream(Files.newOutputStream(part), digest)) {
      byte[] buffer = new byte[BUFFER];
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          throw new IOException(
              "it broke off after %,d of %,d bytes"
                  .formatted(announced.length() - left, announced.length()));
        }
        out.write(buffer, 0, n);
        left -= n;
      }
    }
    String is = HexFormat.of().formatHex(digest.digest());
    if (!is.equals(announced.sha256().toLowerCase(Locale.ROOT))) {
      throw new IOException(
          "%,d bytes came, with the SHA-256 %s instead of %s"
              .formatted(announced.length(), is, announced.sha256()));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
