package org.spiredoctor.pod;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewFileTest {
  @TempDir private Path directory;

  private static void write(Path file, String text) throws IOException {
    NewFile.secret(file).write(out -> out.write(text.getBytes(UTF_8)));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void itReplacesAnotherAndIsItsOwnersOnly() throws IOException {
    Path file = directory.resolve("a");
    Files.writeString(file, "old");
    write(file, "new");
    assertThat(file).hasContent("new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(files()).containsExactly("a");
  }

  @Test
  void whereWritingFailsTheOldOneStays() throws IOException {
    Path file = directory.resolve("a");
    Files.writeString(file, "old");
    assertThatThrownBy(
            () ->
                NewFile.secret(file)
                    .write(
                        out -> {
                          out.write(new byte[100_000]);
                          throw new IOException("the disk is full");
                        }))
        .hasMessage("the disk is full");
    assertThat(file).hasContent("old");
    assertThat(files()).containsExactly("a");
  }

  @Test
  void noSymbolicLinkIsFollowed() throws IOException {
    Path target = Files.writeString(directory.resolve("target"), "precious");
    Path link = Files.createSymbolicLink(directory.resolve("link"), target);
    assertThatThrownBy(() -> write(link, "new")).hasMessageContaining("symbolic link");
    Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), Path.of("nowhere"));
    assertThatThrownBy(() -> write(dangling, "new")).hasMessageContaining("symbolic link");
    assertThat(target).hasContent("precious");
    assertThat(link).isSymbolicLink();
    assertThat(files()).containsExactly("dangling", "link", "target");
  }

  @Test
  void whatIsNoFileIsNotTouched() throws IOException, InterruptedException {
    assertThatThrownBy(() -> write(Path.of("/dev/null"), "new"))
        .hasMessageContaining("not a regular file");
    assertThatThrownBy(() -> write(directory, "new")).hasMessageContaining("is a directory");
    assertThatThrownBy(() -> write(directory.resolve("no/file"), "new"))
        .hasMessageContaining("does not exist");
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> write(pipe, "new")).hasMessageContaining("not a regular file");
    assertThat(files()).containsExactly("pipe");
  }

  @Test
  void aNameMayBeAsLongAsOneCanBe() throws IOException {
    Path file = directory.resolve("x".repeat(255));
    write(file, "new");
    assertThat(file).hasContent("new");
  }
}
