package org.spiredoctor.program;

import static org.spiredoctor.program.RealCluster.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The rows of docs/kubeconfig.md at a real API server, where kubectl answers too. */
abstract class KubeconfigRowsSupport {
  static final Program PROGRAM = Program.hasNative() ? Program.nativeBinary() : Program.jvm();

  @TempDir static Path directory;
  static KubeconfigRows rows;
  static BothClients clients;

  @BeforeAll
  static void start() throws IOException {
    rows = KubeconfigRows.make(cluster(), directory);
    clients = new BothClients(PROGRAM, Files.createDirectory(directory.resolve("home")));
  }

  @AfterAll
  static void stop() {
    if (rows != null) {
      rows.remove();
    }
  }
}
