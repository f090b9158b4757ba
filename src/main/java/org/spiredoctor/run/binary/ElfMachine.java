package org.spiredoctor.run.binary;

import java.nio.ByteOrder;
import java.util.Optional;

/** The machines that Go builds for, by their numbers in ELF files. */
final class ElfMachine {
  private ElfMachine() {}

  /** Go's name of one. */
  static Optional<String> goarch(int machine, boolean wide, ByteOrder order) {
    boolean little = order == ByteOrder.LITTLE_ENDIAN;
    return Optional.ofNullable(
        switch (machine) {
          case 3 -> "386";
          case 8 -> "mips" + (wide ? "64" : "") + (little ? "le" : "");
          case 21 -> little ? "ppc64le" : "ppc64";
          case 22 -> wide ? "s390x" : "s390";
          case 40 -> "arm";
          case 62 -> wide ? "amd64" : "amd64p32";
          case 183 -> "arm64";
          case 243 -> wide ? "riscv64" : "riscv";
          case 258 -> "loong64";
          default -> null;
        });
  }
}
