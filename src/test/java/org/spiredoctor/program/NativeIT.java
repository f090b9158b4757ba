package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spiredoctor.program.Program.Run;
import org.spiredoctor.simulator.Fault;
import org.spiredoctor.simulator.SimulatedAgent;

/** The native binary is the same program, and needs nothing around it. */
class NativeIT {
  private static final long MOST_BYTES = 60L * 1024 * 1024;

  @TempDir private Path directory;

  @BeforeAll
  static void built() {
    Assume.that(Program.hasNative(), "tests of the native binary", "a build with -Dnative");
  }

  @ParameterizedTest
  @EnumSource
  void itAnswersAsTheJvmDoes(Fault fault) {
    Run expected = check(Program.jvm(), fault);
    Run actual = check(Program.nativeBinary(), fault);
    // How a connection breaks off is told in other words from one time to the next.
    if (fault != Fault.RESET && fault != Fault.HANG_UP) {
      assertThat(timeless(actual.out())).isEqualTo(timeless(expected.out()));
    }
    assertThat(actual.code()).isEqualTo(expected.code());
  }

  private Run check(Program program, Fault fault) {
    try (SimulatedAgent agent = SimulatedAgent.start(directory.resolve("api.sock"), fault)) {
      return program.run(
          // On a busy machine the JVM's form takes a second to connect.
          "check", "--socket", agent.socket().toString(), "--timeout", "3s", "--audience", "api");
    }
  }

  /** Without the times and sizes that differ from run to run: no two certificates are as long. */
  private static String timeless(String text) {
    return text.replaceAll("\\d+ ms", "N ms")
        .replaceAll("\\d+\\.\\d s\\)", "N s)")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME")
        .replaceAll("\\s+", " ")
        .replaceAll("maximum size 8388608: \\d+", "maximum size 8388608: N");
  }

  @Test
  void itSpeaksAsTheJvmDoes() {
    for (List<String> words :
        List.of(
            List.of("--version"),
            List.of("--help"),
            List.of("wait", "--help"),
            List.of("check", "--help"),
            List.of("check", "--list"),
            List.of("explain", "identity-not-issued"),
            List.of("wait", "--timeout", "soon"))) {
      String[] arguments = words.toArray(String[]::new);
      assertThat(Program.nativeBinary().run(arguments)).isEqualTo(Program.jvm().run(arguments));
    }
  }

  @Test
  void itIsSmallStaticAndStripped() throws IOException {
    Path binary = Program.target("spire-doctor");
    assertThat(Files.size(binary)).isLessThan(MOST_BYTES);
    // An ELF file that asks for no interpreter has no program header of type PT_INTERP (3).
    assertThat(new Elf(binary).programHeaderTypes()).doesNotContain(3);
    assertThat(new Elf(binary).sectionNames()).doesNotContain(".symtab", ".debug_info");
  }

  @Test
  void itNeedsNothingAroundIt() throws IOException {
    Assume.that("root".equals(System.getProperty("user.name")), "the empty root", "root");
    Path root = directory.resolve("root");
    Files.createDirectory(root);
    Files.copy(Program.target("spire-doctor"), root.resolve("spire-doctor"));
    // A container has this variable, whatever else it lacks.
    Program inRoot =
        new Program(
            "chroot", List.of("env", "HOSTNAME=pod", "chroot", root.toString(), "/spire-doctor"));
    assertThat(inRoot.run("--version").out()).startsWith("spire-doctor ");
    try (SimulatedAgent _ = SimulatedAgent.start(root.resolve("api.sock"), Fault.NONE)) {
      Run wait =
          inRoot.run("wait", "--socket", "/api.sock", "--for", "identity", "--timeout", "20s");
      assertThat(wait.code()).as("%s", wait).isZero();
      Run check = inRoot.run("check", "--socket", "/api.sock", "--audience", "api");
      assertThat(check.code()).as("%s", check).isZero();
      assertThat(check.out()).contains("✓ No problems found");
    }
    Run nothing =
        inRoot.start(Map.of(), "wait", "--socket", "/none/api.sock", "--timeout", "1s").end();
    assertThat(nothing.code()).isEqualTo(1);
    assertThat(nothing.err()).contains("✗ socket-directory-missing");
  }
}
