package org.spiredoctor.program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.program.Program.Run;

/** A real SPIRE server, and the program that queries it over its API without a cluster. */
abstract class RealServerTestSupport {
  static final String WEB = "spiffe://example.org/web";
  @TempDir static Path directory;
  static RealSpire spire;

  static List<Program> programs() {
    return Program.all();
  }

  @BeforeAll
  static void start() throws IOException {
    Assume.that(
        RealSpire.installed(), "tests against a real SPIRE", "spire-server, spire-agent on PATH");
    spire = RealSpire.start(directory);
    spire.entry(WEB, "-dns", "web.test", "-x509SVIDTTL", "600");
    String _ =
        spire.server(
            "federation",
            "create",
            "-trustDomain",
            "other.org",
            "-bundleEndpointURL",
            "https://other.org/bundle",
            "-bundleEndpointProfile",
            "https_spiffe",
            "-endpointSpiffeID",
            "spiffe://other.org/bundle");
  }

  @AfterAll
  static void stop() {
    if (spire != null) {
      spire.close();
    }
  }

  /** Without a kubeconfig. */
  static Run check(Program program, String... arguments) {
    String[] all = Stream.concat(Stream.of("check"), Stream.of(arguments)).toArray(String[]::new);
    return program
        .start(
            Map.of(
                "SPIFFE_ENDPOINT_SOCKET",
                "unix://" + spire.socket(),
                "KUBECONFIG",
                "/nonexistent/kubeconfig"),
            all)
        .end();
  }
}
