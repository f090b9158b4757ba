package org.spiredoctor.run.binary;

import java.io.IOException;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/** Whether an ELF file runs on Linux with nothing beside it, and on which machine; elf(5). */
final class ElfFile {
  /** The length of the longer of the two headers. */
  static final int HEADER = 64;

  private static final int SHORTER_HEADER = 52;
  private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};
  private static final int BITS_64 = 2;
  private static final int BIG_ENDIAN = 2;

  private static final int OS_ANY = 0;
  private static final int OS_LINUX = 3;

  private static final int OBJECT = 1;
  private static final int EXECUTABLE = 2;
  private static final int SHARED = 3;
  private static final int CORE = 4;

  private static final int LOAD = 1;
  private static final int DYNAMIC = 2;
  private static final int INTERPRETER = 3;

  /** Entries of the dynamic section. */
  private static final long DYNAMIC_END = 0;

  private static final long LIBRARY = 1;

  /** Names of files, and dynamic sections, are shorter. */
  private static final int LONGEST = 64 * 1024;

  private final FileChannel file;
  private final ByteBuffer header;
  private final boolean wide;

  /** Why a file is not what is needed. */
  static final class Unfit extends Exception {
    @Serial private static final long serialVersionUID = 1;

    private final String text;

    Unfit(String text) {
      super(text);
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  static boolean is(byte[] begin) {
    return begin.length >= MAGIC.length
        && ByteBuffer.wrap(begin, 0, 4).equals(ByteBuffer.wrap(MAGIC));
  }

  ElfFile(FileChannel file, byte[] begin) throws Unfit {
    this.file = file;
    wide = begin.length > 4 && begin[4] == BITS_64;
    if (begin.length < (wide ? HEADER : SHORTER_HEADER)) {
      throw new Unfit("is cut off: its ELF header is not complete");
    }
    header = ByteBuffer.wrap(begin).order(order(begin));
  }

  private static ByteOrder order(byte[] begin) {
    return begin[5] == BIG_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  /** Go's name for the machine, of a file that can run. */
  String architecture() throws IOException, Unfit {
    int os = header.get(7);
    if (os != OS_ANY && os != OS_LINUX) {
      throw new Unfit("is for another system than Linux: build it with GOOS=linux");
    }
    int type = header.getShort(16);
    switch (type) {
      case EXECUTABLE, SHARED -> checkParts(type);
      case OBJECT -> throw new Unfit("is an object file, which is not linked yet");
      case CORE -> throw new Unfit("is a core dump");
      default -> throw new Unfit("is not an ELF executable, but of the type " + type);
    }
    int machine = Short.toUnsignedInt(header.getShort(18));
    return ElfMachine.goarch(machine, wide, header.order())
        .orElseThrow(() -> new Unfit("is for a machine that Go does not know (" + machine + ")"));
  }

  private void checkParts(int type) throws IOException, Unfit {
    long at = wide ? header.getLong(32) : Integer.toUnsignedLong(header.getInt(28));
    int size = Short.toUnsignedInt(header.getShort(wide ? 54 : 42));
    int count = Short.toUnsignedInt(header.getShort(wide ? 56 : 44));
    boolean needsLibraries = false;
    for (int i = 0; i < count; i++) {
      ByteBuffer part = bytes(at + (long) i * size, wide ? 56 : 32);
      long from = wide ? part.getLong(8) : Integer.toUnsignedLong(part.getInt(4));
      long length = wide ? part.getLong(32) : Integer.toUnsignedLong(part.getInt(16));
      switch (part.getInt(0)) {
        case INTERPRETER ->
            throw new Unfit(
                "needs %s, which a distroless image has not: build it with CGO_ENABLED=0"
                    .formatted(text(bytes(from, length))));
        case DYNAMIC -> needsLibraries = needsLibraries(bytes(from, length));
        case LOAD -> checkThere(from, length);
        default -> {
          // Nothing that matters here.
        }
      }
    }
    if (type == SHARED && needsLibraries) {
      throw new Unfit("is a shared library");
    }
  }

  /** A static executable that can be loaded anywhere has a dynamic section, too. */
  private boolean needsLibraries(ByteBuffer section) {
    int word = wide ? Long.BYTES : Integer.BYTES;
    for (int at = 0; at + 2 * word <= section.limit(); at += 2 * word) {
      long tag = wide ? section.getLong(at) : section.getInt(at);
      if (tag == LIBRARY) {
        return true;
      }
      if (tag == DYNAMIC_END) {
        break;
      }
    }
    return false;
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes).toString().replace("\0", "");
  }

  private ByteBuffer bytes(long at, long length) throws IOException, Unfit {
    checkThere(at, length);
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, LONGEST)).order(header.order());
    while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) >= 0) {
      // A channel may give less than was asked for.
    }
    return bytes.rewind();
  }

  private void checkThere(long at, long length) throws IOException, Unfit {
    if (at < 0 || length < 0 || at > file.size() - length) {
      throw new Unfit(
          "is cut off: it is %,d bytes long, and has parts beyond".formatted(file.size()));
    }
  }
}
