package org.spiredoctor.run.binary;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A file that is said to be an executable. */
public final class FuzzedExecutable {
  private FuzzedExecutable() {}

  /** Reads it, whatever it is. */
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    byte[] begin = Arrays.copyOf(data, Math.min(data.length, ElfFile.HEADER));
    ForeignFormat.of(begin);
    if (!ElfFile.is(begin)) {
      return;
    }
    Path file = Files.createTempFile("fuzzed", ".bin");
    try {
      Files.write(file, data);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        new ElfFile(channel, begin).architecture();
      }
    } catch (ElfFile.Unfit e) {
      // It is none, and says so.
    } finally {
      Files.delete(file);
    }
  }
}
