package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.program.Program.Run;

/** {@code receive}, as the init container of a test pod. */
class ReceiveIT {
  private static final int LARGE = 200_000_000;

  @TempDir private Path directory;

  static List<Program> programs() {
    return Program.all();
  }

  private Path file() {
    return directory.resolve("tests.bin");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /** Sends so many bytes of a stream that does not end, announced as these. */
  private Run send(Program program, int bytes, int announced, String flags) {
    return program.shell(
        """
        sum=$(yes spire-doctor | head -c %2$d | sha256sum | cut -d' ' -f1)
        yes spire-doctor | head -c %1$d | $0 %3$s receive '%4$s' --length %2$d --sha256 "$sum"
        """
            .formatted(bytes, announced, flags, file()));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aLargeFileIsNotHeldInMemory(Program program) throws IOException {
    Run run =
        program.name().equals("native")
            ? send(program, LARGE, LARGE, "-Xmx24m")
            : send(
                new Program(program.name(), withFlag(program.command(), "-Xmx24m")),
                LARGE,
                LARGE,
                "");
    assertThat(run.code()).as("%s", run).isZero();
    assertThat(Files.size(file())).isEqualTo(LARGE);
    assertThat(Files.isExecutable(file())).isTrue();
    assertThat(files()).containsExactly("tests.bin");
  }

  private static List<String> withFlag(List<String> command, String flag) {
    return Stream.concat(
            Stream.of(command.getFirst(), flag), command.subList(1, command.size()).stream())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void whatBreaksOffLeavesNothingAndCanBeSentAgain(Program program) throws IOException {
    Run broken = send(program, 1000, 5000, "");
    assertThat(broken.code()).as("%s", broken).isEqualTo(1);
    assertThat(broken.err()).contains("it broke off after 1,000 of 5,000 bytes");
    assertThat(files()).isEmpty();
    Run again = send(program, 5000, 5000, "");
    assertThat(again.code()).as("%s", again).isZero();
    assertThat(again.out()).contains("✅ Received");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void whoWaitsSeesItOnceItIsWhole(Program program) {
    try (Program.Started waiting =
        program.start(Map.of(), "receive", file().toString(), "--await", "--timeout", "50s")) {
      waiting.printed("Waiting for the test binary");
      assertThat(send(program, 5000, 5000, "").code()).isZero();
      Run run = waiting.end();
      assertThat(run.code()).as("%s", run).isZero();
      assertThat(run.out()).contains("✅ Binary copied: " + file());
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void patienceEnds(Program program) {
    Run run =
        program.run("receive", file().toString(), "--await", "--timeout", "1s", "--interval", "1s");
    assertThat(run.out()).contains("ERROR: Binary not copied after 1s");
    assertThat(run.code()).isEqualTo(1);
  }
}
