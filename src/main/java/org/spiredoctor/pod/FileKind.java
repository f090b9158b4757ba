package org.spiredoctor.pod;

/** What lies at a path. */
public enum FileKind {
  SOCKET("a socket"),
  FILE("a plain file"),
  DIRECTORY("a directory"),
  OTHER("a special file"),
  /** Nothing there. */
  MISSING("nothing"),
  /** It could not be looked at: a directory on the way is closed to us. */
  HIDDEN("something that may not be looked at"),
  /** The file system fails: a stale handle, an endpoint that is not connected. */
  BROKEN("something that cannot be read");

  private final String inWords;

  FileKind(String inWords) {
    this.inWords = inWords;
  }

  /** With its article: {@code a socket}. */
  public String inWords() {
    return inWords;
  }

  /** From the file type bits of {@code st_mode}, inode(7). */
  static FileKind ofMode(int mode) {
    return switch (mode & 0xF000) {
      case 0xC000 -> SOCKET;
      case 0x8000 -> FILE;
      case 0x4000 -> DIRECTORY;
      default -> OTHER;
    };
  }
}
