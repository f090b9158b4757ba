package org.spiredoctor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutableReceiverTest {
  private static final byte[] CONTENT =
      "tests, or what looks like it".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;

  private static Announced announced(byte[] content) throws NoSuchAlgorithmException {
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(content);
    return new Announced(content.length, HexFormat.of().formatHex(sum));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private void take(InputStream in, Announced announced) throws IOException {
    new ExecutableReceiver(directory.resolve("tests.bin")).take(in, announced);
  }

  @Test
  void whatCameIsThereWholeAndExecutable() throws Exception {
    take(new ByteArrayInputStream(CONTENT), announced(CONTENT));
    Path file = directory.resolve("tests.bin");
    assertThat(Files.readAllBytes(file)).isEqualTo(CONTENT);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rwxr-xr-x");
    assertThat(files()).containsExactly("tests.bin");
  }

  @Test
  void theStreamNeedNotEnd() throws Exception {
    InputStream endless =
        new SequenceInputStream(
            new ByteArrayInputStream(CONTENT),
            new InputStream() {
              @Override
              public int read() {
                throw new AssertionError("read beyond what was announced");
              }

              @Override
              public int read(byte[] into, int offset, int length) {
                return read();
              }
            });
    take(endless, announced(CONTENT));
    assertThat(files()).containsExactly("tests.bin");
  }

  @Test
  void whatBreaksOffLeavesNothing() throws Exception {
    Announced whole = announced(CONTENT);
    assertThatThrownBy(() -> take(new ByteArrayInputStream(CONTENT, 0, 10), whole))
        .isInstanceOf(IOException.class)
        .hasMessage("it broke off after 10 of 28 bytes");
    assertThat(files()).isEmpty();
    // And can be sent again.
    take(new ByteArrayInputStream(CONTENT), whole);
    assertThat(files()).containsExactly("tests.bin");
  }

  @Test
  void whatIsNotWhatWasAnnouncedDoesNotReplaceWhatIsThere() throws Exception {
    Path file = Files.writeString(directory.resolve("tests.bin"), "old");
    byte[] other = CONTENT.clone();
    other[3] ^= 1;
    Announced whole = announced(CONTENT);
    assertThatThrownBy(() -> take(new ByteArrayInputStream(other), whole))
        .hasMessageContaining("28 bytes came, with the SHA-256 ")
        .hasMessageContaining("instead of " + whole.sha256());
    assertThat(Files.readString(file)).isEqualTo("old");
    assertThat(files()).containsExactly("tests.bin");
    take(new ByteArrayInputStream(CONTENT), whole);
    assertThat(Files.readAllBytes(file)).isEqualTo(CONTENT);
  }

  @Test
  void aDirectoryThatIsNotThereIsTold() throws Exception {
    Announced whole = announced(CONTENT);
    ExecutableReceiver nowhere =
        new ExecutableReceiver(directory.resolve("none").resolve("tests.bin"));
    assertThatThrownBy(() -> nowhere.take(new ByteArrayInputStream(CONTENT), whole))
        .hasMessageContaining("none")
        .hasMessageContaining("does not exist");
  }

  @Test
  void nothingIsAFileToo() throws Exception {
    take(InputStream.nullInputStream(), announced(new byte[0]));
    assertThat(Files.size(directory.resolve("tests.bin"))).isZero();
  }

  @Test
  void aSumThatIsNoneIsRefused() {
    assertThatThrownBy(() -> new Announced(1, "abc")).hasMessageContaining("64 hex digits");
    assertThatThrownBy(() -> new Announced(-1, "0".repeat(64))).hasMessageContaining("-1 bytes");
  }
}
