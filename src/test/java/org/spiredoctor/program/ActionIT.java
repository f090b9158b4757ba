package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.program.Program.Run;

/** What the action of this repository runs and reports. */
class ActionIT extends ActionTestSupport {
  @Test
  void argumentsAreNotReadByAShell() throws IOException {
    assertThat(download(Map.of()).code()).isZero();
    Path trap = directory.resolve("trap");
    for (String way : List.of("$(touch T)", "`touch T`", "; touch T", "| touch T", "> T")) {
      Run run = check(SICK + " --only " + way.replace("T", trap.toString()));
      assertThat(run.code()).as("%s", run).isEqualTo(2);
      assertThat(trap).doesNotExist();
    }
  }

  /** Instead of the program, which prints what is in a cluster. */
  private void prints(String text) throws IOException {
    Path program = directory.resolve("prints");
    Files.writeString(program, "#!/bin/sh\nprintf '" + text + "'\nexit 3\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Files.writeString(directory.resolve("GITHUB_OUTPUT"), "binary=" + program + "\n");
  }

  @Test
  void aRunnerReadsNoCommandsInAReport() throws IOException {
    prints("::add-mask::a\\n::stop-commands::x\\n::x::\\n##[add-path]/tmp\\n::error::b\\nend");
    Run first = check("");
    assertThat(first.code()).isEqualTo(3);
    assertThat(shown(first))
        .isEqualTo("::add-mask::a\n::stop-commands::x\n::x::\n##[add-path]/tmp\n::error::b\nend");
    assertThat(check("").out().lines().findFirst()).isNotEqualTo(first.out().lines().findFirst());
  }

  /** A cluster's objects have names and messages that others choose. */
  @Test
  void aReportCannotLeaveItsBlock() throws IOException {
    prints("~~~~\\n<b>~~~~~</b>\\n");
    assertThat(check("").code()).isEqualTo(3);
    assertThat(Files.readString(directory.resolve("GITHUB_STEP_SUMMARY")))
        .contains("\n~~~~~~text\n~~~~\n")
        .endsWith("\n~~~~~~\n");
  }

  static List<Path> withScripts() throws IOException {
    try (Stream<Path> workflows = Files.list(Path.of(".github/workflows"))) {
      return Stream.concat(
              workflows.sorted(),
              Stream.of(Path.of("action.yml"), Path.of(".github/actions/spire/action.yml")))
          .toList();
    }
  }

  /** An expression in a script is text that somebody else may choose. */
  @ParameterizedTest
  @MethodSource("withScripts")
  void scriptsAreWhatBashReadsAndTakeVariablesOnly(Path file) throws IOException {
    List<String> scripts = yaml(file.toString()).findValuesAsText("run");
    // Beside scripts there are the defaults of a workflow's jobs, which are an object.
    List<String> all = scripts.stream().filter(text -> !text.isEmpty()).toList();
    assertThat(Files.readString(file).contains("run: ")).isEqualTo(!all.isEmpty());
    for (String script : all) {
      assertThat(script).doesNotContain("${{");
      Path copy = Files.writeString(directory.resolve("script.sh"), script);
      Run parsed = sh("bash -n '" + copy + "'");
      assertThat(parsed.code()).as("%s: %s", script, parsed).isZero();
    }
  }
}
