package org.spiredoctor.run.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.run.Commands;

class TestBinaryTest {
  private static final String NAME = "\0testing.(*M).Run\0";
  private static final int EXECUTABLE = 2;
  private static final int SHARED = 3;

  @TempDir private Path directory;

  private Path file(byte[] content) throws IOException {
    return Files.write(directory.resolve("tests"), content);
  }

  /** An ELF file of a header only. */
  private static byte[] elf(int bits, ByteOrder order, int type, int machine) {
    ByteBuffer header = ByteBuffer.allocate(bits == 64 ? 64 : 52).order(order);
    header.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (bits / 32)});
    header.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2)).put((byte) 1);
    return header.putShort(16, (short) type).putShort(18, (short) machine).array();
  }

  private static byte[] amd64(int type) {
    return elf(64, ByteOrder.LITTLE_ENDIAN, type, 62);
  }

  private static byte[] concat(byte[] begin, byte[] end) {
    return ByteBuffer.allocate(begin.length + end.length).put(begin).put(end).array();
  }

  private void isRefused(byte[] content, String why) throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> TestBinary.of(file))
        .isInstanceOfSatisfying(
            FileSystemException.class, e -> assertThat(e.getReason()).isEqualTo(why))
        .hasMessageStartingWith(file + ": ");
  }

  @ParameterizedTest
  @CsvSource({
    "64, LITTLE, 62, amd64",
    "64, LITTLE, 183, arm64",
    "64, LITTLE, 243, riscv64",
    "64, LITTLE, 21, ppc64le",
    "64, BIG, 21, ppc64",
    "64, BIG, 22, s390x",
    "64, LITTLE, 258, loong64",
    "64, LITTLE, 8, mips64le",
    "64, BIG, 8, mips64",
    "32, LITTLE, 8, mipsle",
    "32, BIG, 8, mips",
    "32, LITTLE, 3, 386",
    "32, LITTLE, 40, arm",
    "32, LITTLE, 62, amd64p32"
  })
  void theArchitectureIsNamedAsGoNamesIt(int bits, String order, int machine, String goarch)
      throws Exception {
    ByteOrder endian = order.equals("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    for (int type : new int[] {EXECUTABLE, SHARED}) {
      assertThat(TestBinary.of(file(elf(bits, endian, type, machine))).architecture())
          .isEqualTo(goarch);
    }
  }

  @Test
  void lengthAndSumAreOfTheWholeFile() throws Exception {
    byte[] content = concat(amd64(EXECUTABLE), new byte[200_000]);
    Path file = file(content);
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(content);
    assertThat(TestBinary.of(file))
        .isEqualTo(new TestBinary(file, 200_064, HexFormat.of().formatHex(sum), "amd64", false));
  }

  @Test
  void theNameOfGosTestsIsFoundWhereverItStands() throws Exception {
    byte[] name = NAME.getBytes(StandardCharsets.UTF_8);
    byte[] content = concat(amd64(EXECUTABLE), new byte[3 * 64 * 1024]);
    for (int boundary = 64 * 1024; boundary <= 2 * 64 * 1024; boundary += 64 * 1024) {
      for (int at = boundary - name.length - 1; at <= boundary + 1; at++) {
        byte[] with = content.clone();
        System.arraycopy(name, 0, with, at, name.length);
        assertThat(TestBinary.of(file(with)).goTest()).as("at %d", at).isTrue();
      }
    }
    assertThat(TestBinary.of(file(concat(amd64(EXECUTABLE), name))).goTest()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "testing.(*M).Run",
        "\0testing.(*M).Run.func1\0",
        "\0my/testing.(*M).Run\0",
        "\0testing.(*M).Ru"
      })
  void whatOnlyLooksLikeItIsNot(String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(TestBinary.of(file(concat(amd64(EXECUTABLE), bytes))).goTest()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"aabaab", "aaab", "abab", "a"})
  void aSearchFindsWhatAStringFinds(String wanted) {
    for (int i = 0; i < 1 << 12; i++) {
      String text = Integer.toBinaryString(i).replace('0', 'a').replace('1', 'b');
      for (int split = 0; split <= text.length(); split += 3) {
        ByteSearch search = new ByteSearch(wanted.getBytes(StandardCharsets.UTF_8));
        byte[] first = text.substring(0, split).getBytes(StandardCharsets.UTF_8);
        byte[] second = text.substring(split).getBytes(StandardCharsets.UTF_8);
        search.in(first, first.length);
        search.in(second, second.length);
        assertThat(search.found()).as("%s in %s", wanted, text).isEqualTo(text.contains(wanted));
      }
    }
  }

  static Stream<Arguments> noExecutables() {
    return Stream.of(
        Arguments.of("", "is empty"),
        Arguments.of("#!/bin/sh\n", "is a script, and a distroless image has nothing to run it"),
        Arguments.of("MZ\u0090\0", "is a Windows program: build it with GOOS=linux"),
        Arguments.of("Ïúíþ\7\0\0\1", "is a Mach-O binary: build it with GOOS=linux"),
        Arguments.of("Êþº¾\0\0\0\2", "is a Mach-O binary: build it with GOOS=linux"),
        Arguments.of("Êþº¾\0\0\0E", "is not an ELF executable"),
        Arguments.of(
            "!<arch>\n__.PKGDEF", "is an archive of a package: tests are built with go test -c"),
        Arguments.of(
            "\0asm\1\0\0\0",
            "is a WebAssembly module: build it with GOOS=linux and a GOARCH of the nodes"),
        Arguments.of("\u001f\u008b\b", "is compressed with gzip: unpack it"),
        Arguments.of("hello", "is not an ELF executable"),
        Arguments.of("\u007fELF", "is cut off: its ELF header is not complete"),
        Arguments.of("\u007fELF" + "\2".repeat(59), "is cut off: its ELF header is not complete"));
  }

  @ParameterizedTest
  @MethodSource("noExecutables")
  void whatIsNoExecutableIsToldByWhatItIs(String content, String why) throws Exception {
    isRefused(content.getBytes(StandardCharsets.ISO_8859_1), why);
  }

  @Test
  void anElfFileThatCannotRunIsToldByWhatItIs() throws Exception {
    isRefused(amd64(1), "is an object file, which is not linked yet");
    isRefused(amd64(4), "is a core dump");
    isRefused(amd64(0xfe), "is not an ELF executable, but of the type 254");
    isRefused(
        elf(64, ByteOrder.LITTLE_ENDIAN, EXECUTABLE, 0xfff0),
        "is for a machine that Go does not know (65520)");
    byte[] freeBsd = amd64(EXECUTABLE);
    freeBsd[7] = 9;
    isRefused(freeBsd, "is for another system than Linux: build it with GOOS=linux");
    ByteBuffer cut = ByteBuffer.wrap(amd64(EXECUTABLE)).order(ByteOrder.LITTLE_ENDIAN);
    cut.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 1);
    isRefused(cut.array(), "is cut off: it is 64 bytes long, and has parts beyond");
    cut.putLong(32, -64);
    isRefused(cut.array(), "is cut off: it is 64 bytes long, and has parts beyond");
    cut.putLong(32, Long.MAX_VALUE);
    isRefused(cut.array(), "is cut off: it is 64 bytes long, and has parts beyond");
  }

  @Test
  void whatIsNoFileIsTold() throws Exception {
    assertThatThrownBy(() -> TestBinary.of(directory.resolve("none")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageEndingWith("none: no such file");
    assertThatThrownBy(() -> TestBinary.of(directory)).hasMessageEndingWith(": is a directory");
    assertThatThrownBy(() -> TestBinary.of(Path.of("/dev/null")))
        .hasMessage("/dev/null: is not a regular file");
  }

  @Test
  void whatGoBuildsIsToldApart() throws Exception {
    String go = Commands.go();
    Files.writeString(directory.resolve("go.mod"), "module example.org/some\n\ngo 1.21\n");
    Files.writeString(
        directory.resolve("some_test.go"),
        "package main\n\nimport \"testing\"\n\nfunc TestSome(t *testing.T) {}\n");
    Files.writeString(
        directory.resolve("main.go"),
        "package main\n\nfunc main() { println(\"testing.(*M).Run\") }\n");
    Commands.succeed(directory, Map.of(), List.of(go, "test", "-c", "-o", "tests"));
    Commands.succeed(
        directory, Map.of(), List.of(go, "test", "-c", "-ldflags=-s -w", "-o", "stripped"));
    Commands.succeed(directory, Map.of(), List.of(go, "build", "-o", "program"));
    String goarch = Commands.succeed(directory, Map.of(), List.of(go, "env", "GOARCH")).strip();

    TestBinary tests = TestBinary.of(directory.resolve("tests"));
    assertThat(tests.goTest()).isTrue();
    assertThat(tests.architecture()).isEqualTo(goarch);
    assertThat(tests.length()).isEqualTo(Files.size(tests.file()));
    assertThat(TestBinary.of(directory.resolve("stripped")).goTest()).as("stripped").isTrue();
    assertThat(TestBinary.of(directory.resolve("program")).goTest()).as("no tests").isFalse();

    Files.write(tests.file(), new byte[] {0}, StandardOpenOption.APPEND);
    assertThat(TestBinary.of(tests.file()).sha256()).isNotEqualTo(tests.sha256());
    Path cut = directory.resolve("cut");
    byte[] half = Arrays.copyOf(Files.readAllBytes(tests.file()), (int) tests.length() / 2);
    assertThatThrownBy(() -> TestBinary.of(Files.write(cut, half)))
        .hasMessageContaining("is cut off");
  }

  @Test
  void whatACompilerLinksIsToldApart() throws Exception {
    String gcc = Commands.need("gcc");
    Files.writeString(
        directory.resolve("a.c"), "#include <stdio.h>\nint main() { puts(\"a\"); return 0; }\n");
    Commands.succeed(directory, Map.of(), List.of(gcc, "a.c", "-o", "dynamic"));
    Commands.succeed(directory, Map.of(), List.of(gcc, "-c", "a.c", "-o", "object"));
    Commands.succeed(directory, Map.of(), List.of(gcc, "-shared", "-fPIC", "a.c", "-o", "shared"));
    assertThatThrownBy(() -> TestBinary.of(directory.resolve("dynamic")))
        .hasMessageMatching(
            ".*dynamic: needs /lib\\S*/ld\\S*, which a distroless image has not:"
                + " build it with CGO_ENABLED=0");
    assertThatThrownBy(() -> TestBinary.of(directory.resolve("object")))
        .hasMessageEndingWith("object: is an object file, which is not linked yet");
    assertThatThrownBy(() -> TestBinary.of(directory.resolve("shared")))
        .hasMessageEndingWith("shared: is a shared library");
    Commands.Outcome pie =
        Commands.run(directory, Map.of(), List.of(gcc, "-static-pie", "a.c", "-o", "pie"));
    if (pie.exitCode() == 0) {
      assertThat(TestBinary.of(directory.resolve("pie")).goTest()).isFalse();
    }
  }
}
