package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

/** Every command that README, guides and pages print is one that runs. */
class DocumentsIT {
  private static final Pattern BLOCK = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern YAML = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

  /** A link that leads to a file here, and perhaps to a heading in it. */
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");

  @TempDir private Path directory;

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(Path.of("README.md")));
    for (String place : List.of("docs", "src/main/resources/findings")) {
      try (Stream<Path> pages = Files.list(Path.of(place))) {
        documents.addAll(pages.filter(page -> page.toString().endsWith(".md")).sorted().toList());
      }
    }
    return documents;
  }

  /** Every line of every shell block, continued lines put together. */
  private static List<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    for (Path document : documents()) {
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

  /** Something that could be sent into a pod: the header of a static executable. */
  private Path program() throws IOException {
    byte[] header = new byte[64];
    byte[] known = {0x7f, 'E', 'L', 'F', 2, 1, 1};
    System.arraycopy(known, 0, header, 0, known.length);
    header[16] = 2; // an executable
    header[18] = 62; // for amd64
    return Files.write(directory.resolve("tests.bin"), header);
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
                + " KUBECONFIG=/nonexistent TESTS="
                + program()
                + "\n"
                + "export SPIFFE_ENDPOINT_SOCKET KUBECONFIG\n"
                + line.replaceFirst("^spire-doctor", "\\$0")
                    .replaceAll("--(timeout|wait) \\S+", "--$1 1s");
        Run run = program.shell(script);
        // Nothing of a cluster is reached here: who needs one can then only say so.
        List<Integer> codes =
            switch (line.split(" ", -1)[1]) {
              case "register", "bundle" -> List.of(3);
              case "run" -> List.of(3, 125);
              default -> List.of(0, 1);
            };
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

  @Test
  void whatIsShownAsYamlIsYaml() throws IOException {
    int blocks = 0;
    for (Path document : documents()) {
      Matcher block = YAML.matcher(Files.readString(document));
      while (block.find()) {
        String text = block.group(1);
        assertThatCode(() -> Manifests.documents(text))
            .as("%s: %s", document, text)
            .doesNotThrowAnyException();
        blocks++;
      }
    }
    assertThat(blocks).isGreaterThan(10);
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    for (Path document : documents()) {
      Matcher link = LINK.matcher(Files.readString(document).replaceAll("(?s)```.*?```", ""));
      while (link.find()) {
        Path file =
            link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1)).normalize();
        assertThat(file).as("%s: %s", document, link.group()).exists();
        if (link.group(2) != null) {
          assertThat(headings(file)).as("%s: %s", document, link.group()).contains(link.group(2));
        }
      }
    }
  }

  /** As GitHub names them. */
  private static List<String> headings(Path document) throws IOException {
    return Files.readAllLines(document).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
        .toList();
  }
}
