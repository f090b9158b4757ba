package org.spiredoctor.program;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The headers of a 64-bit ELF file, elf(5). */
final class Elf {
  private final ByteBuffer file;

  Elf(Path path) throws IOException {
    file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
  }

  List<Integer> programHeaderTypes() {
    List<Integer> types = new ArrayList<>();
    int at = (int) file.getLong(32);
    for (int i = 0; i < file.getShort(56); i++) {
      types.add(file.getInt(at + i * file.getShort(54)));
    }
    return types;
  }

  List<String> sectionNames() {
    int at = (int) file.getLong(40);
    int size = file.getShort(58);
    int names = (int) file.getLong(at + file.getShort(62) * size + 24);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < file.getShort(60); i++) {
      all.add(string(names + file.getInt(at + i * size)));
    }
    return all;
  }

  private String string(int from) {
    int to = from;
    while (file.get(to) != 0) {
      to++;
    }
    return new String(file.array(), from, to - from, StandardCharsets.UTF_8);
  }
}
