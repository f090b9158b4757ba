package org.spiredoctor.pod;

import java.nio.file.Path;

/**
 * One element of a path, looked at.
 *
 * @param mode the permission bits of {@code st_mode}; 0 when it could not be looked at
 * @param uid of the owner; −1 when it could not be looked at
 * @param gid of the owner; −1 when it could not be looked at
 * @param identity tells a file from the one that replaced it; 0 when it could not be looked at
 * @param passable whether this process may go through it (a directory) or connect to it (a socket)
 */
public record PathElement(
    Path path, FileKind kind, int mode, int uid, int gid, long identity, boolean passable) {

  /** As {@code ls -ld} shows it: {@code drwxr-x--- 0:0 /tmp/spire-agent}. */
  public String inWords() {
    StringBuilder line = new StringBuilder();
    line.append(
        switch (kind) {
          case DIRECTORY -> 'd';
          case SOCKET -> 's';
          case FILE -> '-';
          case OTHER, MISSING, HIDDEN, BROKEN -> '?';
        });
    for (int bit = 8; bit >= 0; bit--) {
      line.append((mode >> bit & 1) == 1 ? "xwr".charAt(bit % 3) : '-');
    }
    return line.append(' ').append(uid).append(':').append(gid).append(' ').append(path).toString();
  }
}
