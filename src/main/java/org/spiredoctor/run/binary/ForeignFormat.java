package org.spiredoctor.run.binary;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a file is that is no ELF file, by its first bytes. */
final class ForeignFormat {
  /** A Java class has its version where a universal binary has the number of its programs. */
  private static final int FEWEST_OF_JAVA = 45;

  private ForeignFormat() {}

  /** In words that go on after the file's name. */
  static String of(byte[] begin) {
    if (begin.length == 0) {
      return "is empty";
    }
    String text = new String(begin, StandardCharsets.ISO_8859_1);
    if (text.startsWith("#!")) {
      return "is a script, and a distroless image has nothing to run it";
    }
    if (text.startsWith("MZ")) {
      return "is a Windows program: build it with GOOS=linux";
    }
    if (isMachO(begin)) {
      return "is a Mach-O binary: build it with GOOS=linux";
    }
    if (text.startsWith("!<arch>")) {
      return "is an archive of a package: tests are built with go test -c";
    }
    if (text.startsWith("\0asm")) {
      return "is a WebAssembly module: build it with GOOS=linux and a GOARCH of the nodes";
    }
    return text.startsWith("\u001f\u008b")
        ? "is compressed with gzip: unpack it"
        : "is not an ELF executable";
  }

  private static boolean isMachO(byte[] begin) {
    if (begin.length < 2 * Integer.BYTES) {
      return false;
    }
    ByteBuffer bytes = ByteBuffer.wrap(begin);
    return switch (bytes.getInt()) {
      case 0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe -> true;
      case 0xcafebabe -> bytes.getInt() < FEWEST_OF_JAVA;
      default -> false;
    };
  }
}
