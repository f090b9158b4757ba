package org.spiredoctor.pod;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A file that appears under its name whole, in one step, or not at all; what was there before stays
 * until then. Only regular files are replaced: no symbolic link is followed, and no device,
 * directory or pipe is touched.
 *
 * @param path absolute
 * @param permissions such as {@code rw-------}
 */
public record NewFile(Path path, String permissions) {
  /** Of a name that may be as long as a name can be, enough to know whose the part is. */
  private static final int LONGEST_PREFIX = 64;

  /** Writes what the file holds. */
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** A file that only its owner may read: evidence. */
  public static NewFile secret(Path path) {
    return new NewFile(path.toAbsolutePath(), "rw-------");
  }

  /** A file that everybody may read: a report. */
  public static NewFile open(Path path) {
    return new NewFile(path.toAbsolutePath(), "rw-r--r--");
  }

  /**
   * Says why it cannot be written, as far as that is seen beforehand.
   *
   * @throws FileSystemException with a reason for people
   */
  public void check() throws IOException {
    Path directory = path.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new NoSuchFileException(
          String.valueOf(directory), null, "the directory does not exist");
    }
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    BasicFileAttributes is =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!is.isRegularFile()) {
      throw new FileSystemException(
          path.toString(),
          null,
          is.isSymbolicLink()
              ? "it is a symbolic link, which is not followed; name the file itself"
              : is.isDirectory() ? "it is a directory" : "it is not a regular file");
    }
  }

  /**
   * Writes it.
   *
   * @throws IOException when it cannot be written; then nothing is changed or left behind
   */
  public void write(Content content) throws IOException {
    check();
    Path directory = path.getParent();
    String name = AnyPath.name(path).toString();
    // In the same directory, so that a rename is all that is left to do.
    Path part =
        Files.createTempFile(
            directory,
            "." + name.substring(0, Math.min(name.length(), LONGEST_PREFIX)) + ".",
            ".part",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Optional<ShutdownHook> hook = ShutdownHook.unlessStopped(() -> part.toFile().delete());
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
        content.writeTo(out);
      }
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString(permissions));
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
      hook.ifPresent(ShutdownHook::close);
    }
  }
}
