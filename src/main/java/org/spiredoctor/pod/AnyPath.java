package org.spiredoctor.pod;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths from manifests, configurations and other places that can hold any text. */
public final class AnyPath {
  private AnyPath() {}

  /**
   * The path of a text. A character that no path can hold (NUL, half of a surrogate pair, or what
   * the locale's character set lacks) is written as its number, so that the path exists nowhere and
   * equals only the same text's.
   */
  public static Path of(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      return Path.of(plain(text));
    }
  }

  private static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length() + 8);
    text.chars()
        .forEach(
            c -> {
              if (c > 0 && c < 0x7f) {
                plain.append((char) c);
              } else {
                plain.append("%%%04x".formatted(c));
              }
            });
    return plain.toString();
  }

  /** The last name of a path; the path itself where it has none, as the root. */
  public static Path name(Path path) {
    Path name = path.getFileName();
    return name == null ? path : name;
  }

  /** The directory that holds a path; the path itself where none does, as of the root. */
  public static Path directory(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }
}
