package org.spiredoctor.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.spiredoctor.pod.NewFile;

/**
 * Takes an executable from a stream. It appears under its name in one step, whole and verified, or
 * not at all. The stream need not end: not every API server can end the standard input of a
 * program.
 */
public final class ExecutableReceiver {
  private static final int BUFFER = 64 * 1024;

  private final Path file;

  /**
   * Of a file.
   *
   * @param file that is made, or replaced
   */
  public ExecutableReceiver(Path file) {
    this.file = file.toAbsolutePath();
  }

  /**
   * Reads as many bytes as were announced.
   *
   * @throws IOException with what came and what was wrong; then nothing is left behind
   */
  public void take(InputStream in, Announced announced) throws IOException {
    new NewFile(file, "rwxr-xr-x").write(out -> copy(in, announced, out));
  }

  private static void copy(InputStream in, Announced announced, OutputStream to)
      throws IOException {
    MessageDigest digest = sha256();
    long left = announced.length();
    OutputStream out = new DigestOutputStream(to, digest);
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
