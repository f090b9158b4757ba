package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.RealCluster.cluster;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spiredoctor.program.Program.Run;
import org.spiredoctor.program.Program.Started;

/** How the binary of the tests gets into the pod, and its log out of it. */
@RealClusterTest(value = "run in a real cluster, with its transfers", binary = true)
class RunTransferIT extends RunTestSupport {
  /** The same, and long on its way; busybox goes by the name that it is called by. */
  private Path large() throws IOException {
    Path large = Files.createDirectory(directory.resolve("large")).resolve("busybox");
    Files.copy(Path.of(busybox()), large);
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(200L * 1024 * 1024);
    }
    return large;
  }

  @Test
  void noLineIsLostOrDoubledOverConnectionsThatBreak() throws IOException {
    String script =
        "i=0; while [ $i -lt 600 ]; do i=$((i+1)); echo line $i; [ $((i%4)) != 0 ] || usleep 30000; done; echo -n end";
    try (ApiProxy proxy = ApiProxy.start(cluster().environment(), "34");
        Started started =
            begin(
                Map.of("KUBECONFIG", proxy.kubeconfig(directory)),
                plainly(busybox(), "--", "sh", "-c", script))) {
      for (int at = 50; at < 600; at += 100) {
        started.printed("line " + at + "\n");
        proxy.cut();
      }
      Run run = started.end();
      assertThat(run.code()).as("%s", run).isZero();
      assertThat(run.out().lines())
          .containsExactlyElementsOf(
              Stream.concat(
                      IntStream.rangeClosed(1, 600).mapToObj(i -> "line " + i), Stream.of("end"))
                  .toList());
      assertThat(proxy.cuts()).isGreaterThanOrEqualTo(6);
    }
  }

  @Test
  void aLargeBinaryArrivesThoughTheFirstTransferBreaks() throws IOException {
    Path large = large();
    try (ApiProxy proxy = ApiProxy.start(cluster().environment(), "29")) {
      proxy.cutAfter(50L * 1024 * 1024);
      Run run =
          begin(
                  Map.of("KUBECONFIG", proxy.kubeconfig(directory)),
                  plainly(large.toString(), "--", "sha256sum", "/tests/busybox"))
              .end();
      assertThat(run.code()).as("%s", run).isZero();
      // Where the container was not reported yet, it is not even told.
      assertThat(proxy.cuts()).isOne();
      String sum = cluster().sh("sha256sum < '%s'".formatted(large)).split(" ", 2)[0];
      assertThat(run.out()).startsWith(sum);
    }
  }

  /** The container ends when the file is in its place, and takes along who brings it. */
  @Test
  void aTransferThatEndsWithItsContainerIsNoFailure() throws IOException {
    Path large = large();
    try (Started started =
        begin(Map.of(), plainly(large.toString(), "--", "echo", "it is there"))
            .said("Setup init container is running")) {
      cluster()
          .sh(
              """
              kubectl -n spire-system exec -i %s -c setup -- /spire-doctor receive /tests/busybox \
                --length "$(stat -Lc %%s '%s')" --sha256 "$(sha256sum < '%s' | cut -d' ' -f1)" \
                < '%s' || true
              """
                  .formatted(POD, busybox(), busybox(), busybox()));
      Run run = started.end();
      assertThat(run.code()).as("%s", run).isZero();
      assertThat(run.out()).isEqualTo("it is there\n");
    }
  }

  @Test
  void aPackageIsBuiltAndRun() throws IOException {
    Assume.that(
        cluster().run("command -v go", Duration.ofSeconds(5)).code() == 0,
        "run --package",
        "go on the PATH");
    Files.writeString(directory.resolve("go.mod"), "module example.org/sample\n\ngo 1.22\n");
    Path source = directory.resolve("sample_test.go");
    Files.writeString(
        source,
        """
        package sample

        import ("os"; "strings"; "testing")

        func TestEnvironment(t *testing.T) {
        	if !strings.HasPrefix(os.Getenv("SPIFFE_ENDPOINT_SOCKET"), "unix:///") { t.Fatal("none") }
        	if err := os.WriteFile("/tmp/x", nil, 0o600); err != nil { t.Fatal(err) }
        }
        """);
    Run run = runHere("--package", ".");
    assertThat(run.code()).as("%s", run).isZero();
    assertThat(run.out()).contains("--- PASS: TestEnvironment");
    assertThat(run.err()).contains("Package: .", "1 passed");
    Files.writeString(source, "package sample\n\nnot Go\n");
    Run wrong = runHere("--package", ".");
    assertThat(wrong.code()).as("%s", wrong).isEqualTo(1);
    assertThat(wrong.err())
        .contains("expected declaration, found not", "go test -c . failed (exit code: 1)");
  }

  /** In the directory of the test. */
  private Run runHere(String... words) {
    String exports =
        "export HOME='%s' KUBECONFIG='%s' SPIRE_DOCTOR_IMAGE='%s'\ncd '%s'\n"
            .formatted(
                System.getProperty("user.home"),
                cluster().environment().get("KUBECONFIG"),
                cluster().loadImage(),
                directory);
    return PROGRAM.shell(exports + "exec $0 run " + String.join(" ", words));
  }
}
