package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.program.Program.Run;
import org.spiredoctor.simulator.Fault;
import org.spiredoctor.simulator.SimulatedAgent;

/** Every command that README, help and pages print is one that runs. */
class DocumentsIT {
  private static final Pattern BLOCK = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path directory;

  /** Every line of every shell block, continued lines put together. */
  private static List<String> commands() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(Path.of("README.md")));
    try (Stream<Path> pages = Files.list(Path.of("src/main/resources/findings"))) {
      documents.addAll(pages.sorted().toList());
    }
    List<String> commands = new ArrayList<>();
    for (Path document : documents) {
      Matcher block = BLOCK.matcher(Files.readString(document));
      while (block.find()) {
        block
            .group(1)
            .replaceAll("\\\\\\n\\s*", " ")
            .replaceAll("\\|\\n\\s*", "| ")
            .lines()
            .forEach(commands::add);
      }
    }
    return commands;
  }

  @Test
  void ourOwnCommandsRun() throws IOException {
    List<String> ours =
        commands().stream().filter(line -> line.startsWith("spire-doctor ")).distinct().toList();
    assertThat(ours).hasSizeGreaterThan(10);
    Program program = Program.hasNative() ? Program.nativeBinary() : Program.jvm();
    try (SimulatedAgent agent = SimulatedAgent.start(directory.resolve("api.sock"), Fault.NONE)) {
      for (String line : ours) {
        String script =
            "SPIFFE_ENDPOINT_SOCKET=unix://"
                + agent.socket()
                + " NS=apps POD=web-0 TRUST_DOMAIN=example.org FILE=/nonexistent CONTEXT=c"
                + " KUBECONFIG=/nonexistent\n"
                + "export SPIFFE_ENDPOINT_SOCKET KUBECONFIG\n"
                + line.replaceFirst("^spire-doctor", "\\$0")
                    .replaceAll("--(timeout|wait) \\S+", "--$1 1s");
        Run run = program.shell(script);
        // Nothing of a cluster is reached here: who registers can then only say so.
        List<Integer> codes = line.contains(" register") ? List.of(3) : List.of(0, 1);
        assertThat(run.code()).as("%s: %s", line, run).isIn(codes);
        assertThat(run.err()).as(line).doesNotContain("--help");
      }
    }
  }

  @Test
  void kubectlKnowsItsCommandsAndFlags() throws IOException, InterruptedException {
    Optional<Path> kubectl =
        Stream.of(System.getenv("PATH").split(":", -1))
            .map(place -> Path.of(place, "kubectl"))
            .filter(Files::isExecutable)
            .findFirst();
    Assume.that(kubectl.isPresent(), "the pages' kubectl commands", "kubectl on PATH");
    for (String line : commands()) {
      // Those about the kubeconfig ask no server.
      if (line.startsWith("kubectl ") && !line.startsWith("kubectl config ")) {
        // A server that nobody is: whatever gets as far as asking it was understood.
        String script =
            "NS=ns POD=pod CONTAINER=c NODE=node AGENT_POD=a SERVER_POD=s SPIRE_NS=spire"
                + " TRUST_DOMAIN=example.org ENTRY_ID=e CSI_POD=c NAME=n IMAGE=i"
                + " INIT_CONTAINER=i USER=u\n"
                + line.replaceFirst(
                    "^kubectl", "kubectl --server=http://127.0.0.1:9 --kubeconfig=/dev/null");
        Process process =
            new ProcessBuilder("bash", "-c", script).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said)
            .as(line)
            .doesNotContain("unknown flag", "unknown shorthand", "unknown command", "invalid")
            .contains("127.0.0.1:9");
      }
    }
  }
}
