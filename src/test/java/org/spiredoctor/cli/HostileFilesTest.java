package org.spiredoctor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.report.Style;

/** Files that cannot be written, or must not be read to their end. */
class HostileFilesTest {
  @TempDir private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Path kubeconfig = Path.of("");

  @BeforeEach
  void writeKubeconfig() throws IOException {
    kubeconfig =
        Files.writeString(
            directory.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
            users: [{name: u, user: {}}]
            """);
  }

  private int run(String... arguments) {
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            new Style(false, true, 80),
            Map.of());
    return Main.run(terminal, arguments);
  }

  /** An API server of an empty cluster; the kubeconfig leads to it. */
  private HttpServer emptyCluster() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] list = "{\"items\":[]}".getBytes(UTF_8);
          exchange.sendResponseHeaders(200, list.length);
          exchange.getResponseBody().write(list);
          exchange.close();
        });
    server.start();
    String there = "http://127.0.0.1:" + server.getAddress().getPort();
    Files.writeString(
        kubeconfig, Files.readString(kubeconfig).replace("http://127.0.0.1:1", there));
    return server;
  }

  /** Evidence of nothing is not worth the evidence that it would replace. */
  @Test
  void aSaveOfNothingLeavesTheFile() throws IOException {
    Path file = Files.writeString(directory.resolve("evidence.json.gz"), "good");
    int code = run("check", "--kubeconfig", kubeconfig.toString(), "--save", file.toString());
    assertThat(code).isEqualTo(ExitCode.PROBLEMS);
    assertThat(out.toString(UTF_8)).contains("cluster-unreachable");
    assertThat(err.toString(UTF_8))
        .contains("the cluster was not reached; " + file + " was left unchanged")
        .doesNotContain("Evidence saved");
    assertThat(file).hasContent("good");
  }

  @Test
  void aSaveThatFailsDoesNotCostTheReport() throws IOException {
    HttpServer server = emptyCluster();
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("target"));
    int code = run("check", "--kubeconfig", kubeconfig.toString(), "--save", link.toString());
    server.stop(0);
    assertThat(out.toString(UTF_8)).contains("server-not-found");
    assertThat(err.toString(UTF_8))
        .contains("--save " + link + " was not written")
        .contains("symbolic link");
    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(directory.resolve("target")).doesNotExist();
  }

  @Test
  void aDeviceStaysADevice() throws IOException {
    HttpServer server = emptyCluster();
    int code = run("check", "--kubeconfig", kubeconfig.toString(), "--save", "/dev/null");
    server.stop(0);
    assertThat(out.toString(UTF_8)).contains("server-not-found");
    assertThat(err.toString(UTF_8)).contains("not a regular file");
    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(Path.of("/dev/null")).exists().isNotEqualTo(directory);
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
  }

  @Test
  void whatCanBeSavedIs() throws IOException {
    HttpServer server = emptyCluster();
    Path file = directory.resolve("evidence.json.gz");
    int code = run("check", "--kubeconfig", kubeconfig.toString(), "--save", file.toString());
    server.stop(0);
    assertThat(code).isEqualTo(ExitCode.PROBLEMS);
    assertThat(file).exists();
    assertThat(run("check", "--from", file.toString())).isEqualTo(ExitCode.PROBLEMS);
  }

  @Test
  void aBundleIsRefusedBeforeItIsGathered() {
    assertThat(run("bundle", "--kubeconfig", kubeconfig.toString(), "/dev/null"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(UTF_8)).contains("bundle /dev/null cannot be written");
  }

  /** A megabyte of these becomes a gigabyte. */
  @Test
  void aBundleThatIsLargerThanItLooksIsRefused() throws IOException {
    for (String unit : new String[] {" ", "{},", "[[[],[]]],"}) {
      Path file = directory.resolve("bomb.json.gz");
      try (OutputStream to = new GZIPOutputStream(Files.newOutputStream(file))) {
        to.write('[');
        byte[] chunk = unit.repeat(10_000).getBytes(UTF_8);
        for (long n = 0; n < 3L << 20; n += chunk.length) {
          to.write(chunk);
        }
      }
      err.reset();
      assertThat(run("check", "--from", file.toString(), "--max-bundle-size", "2"))
          .isEqualTo(ExitCode.USAGE);
      assertThat(err.toString(UTF_8)).contains("more than fits in 2 MiB", "--max-bundle-size");
    }
  }

  @Test
  void aBundleThatSaysAFieldTwiceOrIsTooDeepIsRefused() throws IOException {
    Path file = directory.resolve("odd.json");
    Files.writeString(file, "{\"kind\":\"EvidenceBundle\",\"kind\":\"EvidenceBundle\"}");
    assertThat(run("check", "--from", file.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(UTF_8)).contains("Duplicate field 'kind'");
    err.reset();
    Files.writeString(file, "[".repeat(100_000));
    assertThat(run("check", "--from", file.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(UTF_8)).contains("nesting depth");
  }

  @Test
  void aFileWithoutAnEndIsGivenUp() throws Exception {
    assertThat(run("register", "--dry-run", "-f", "/dev/zero")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(UTF_8))
        .contains("--file /dev/zero holds more than 64 MiB", "split it into several files");
  }

  @Test
  void aNameThatNoFileCanHaveIsRefusedInWords() {
    assertThat(run("register", "-f", "a\0b")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(UTF_8)).contains("is not the name of a file");
    for (String[] arguments :
        new String[][] {
          {"check", "--from", "a\0b"},
          {"check", "--kubeconfig", "a\0b"},
          {"bundle", "a\0b"},
          {"receive", "a\0b", "--await"},
          {"run", "a\0b"},
          {"wait", "--socket", "a\0b"},
          {"check", "--server-socket", "a\0b"}
        }) {
      err.reset();
      assertThat(run(arguments)).as(String.join(" ", arguments)).isIn(1, 2, 3, 125);
      assertThat(err.toString(UTF_8)).doesNotContain("unexpectedly");
    }
  }
}
