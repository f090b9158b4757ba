package org.spiredoctor.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A SPIRE server and agent on the loopback interface, for when none is running: node attestation by
 * a join token, workload attestation by user id, one entry for the user of this process.
 */
final class RealSpire {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final String TRUST_DOMAIN = "example.org";

  private final Processes processes;
  private final Path serverProgram;
  private final Path agentProgram;
  private final Path directory;

  private RealSpire(Processes processes, Path serverProgram, Path agentProgram, Path directory) {
    this.processes = processes;
    this.serverProgram = serverProgram;
    this.agentProgram = agentProgram;
    this.directory = directory;
  }

  /**
   * Starts both; they are stopped with all other processes.
   *
   * @return the socket of the Workload API, which serves
   * @throws RunFailedException with what the one said that did not start
   */
  static Path start(Processes processes, Scratch scratch, Path server, Path agent)
      throws IOException, InterruptedException, RunFailedException {
    return new RealSpire(processes, server, agent, scratch.directory("spire")).start();
  }

  private Path start() throws IOException, InterruptedException, RunFailedException {
    int port = freePort();
    Path serverSocket = directory.resolve("server.sock");
    Path agentSocket = directory.resolve("agent.sock");
    Path bundle = directory.resolve("bundle.crt");
    Child server = run(serverProgram, "server.conf", serverConfiguration(port, serverSocket));
    until(
        server, List.of(serverProgram.toString(), "healthcheck", "-socketPath", serverSocket + ""));
    Files.writeString(bundle, server(serverSocket, "bundle", "show"), StandardCharsets.UTF_8);
    String token =
        server(serverSocket, "token", "generate", "-spiffeID", id("/agent"))
            .lines()
            .filter(line -> line.startsWith("Token:"))
            .map(line -> line.substring("Token:".length()).strip())
            .findFirst()
            .orElseThrow(() -> server.failed("no join token"));
    Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    String _ =
        server(
            serverSocket,
            "entry",
            "create",
            "-parentID",
            id("/agent"),
            "-spiffeID",
            id("/benchmark"),
            "-selector",
            "unix:uid:" + user);
    Child agent =
        run(
            agentProgram,
            "agent.conf",
            agentConfiguration(port, agentSocket, bundle),
            "-joinToken",
            token);
    until(agent, List.of(agentProgram.toString(), "healthcheck", "-socketPath", agentSocket + ""));
    return agentSocket;
  }

  private Child run(Path program, String file, String configuration, String... more)
      throws IOException {
    Path path = directory.resolve(file);
    Files.writeString(path, configuration, StandardCharsets.UTF_8);
    List<String> command =
        new ArrayList<>(List.of(program.toString(), "run", "-config", path.toString()));
    command.addAll(List.of(more));
    return processes.start(command);
  }

  private String server(Path socket, String noun, String verb, String... more)
      throws IOException, InterruptedException, RunFailedException {
    List<String> command =
        new ArrayList<>(
            List.of(serverProgram.toString(), noun, verb, "-socketPath", socket.toString()));
    command.addAll(List.of(more));
    return processes.output(command, LIMIT);
  }

  /** Until a command succeeds, as long as the process lives that it asks. */
  private void until(Child asked, List<String> command)
      throws IOException, InterruptedException, RunFailedException {
    long until = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        String _ = processes.output(command, LIMIT);
        return;
      } catch (RunFailedException e) {
        if (!asked.alive() || System.nanoTime() - until > 0) {
          throw asked.failed("SPIRE did not start");
        }
      }
      Thread.sleep(BETWEEN_LOOKS);
    }
  }

  private static String id(String path) {
    return "spiffe://" + TRUST_DOMAIN + path;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private String serverConfiguration(int port, Path socket) {
    return """
    server {
      bind_address = "127.0.0.1"
      bind_port = "%1$d"
      socket_path = "%2$s"
      trust_domain = "%3$s"
      data_dir = "%4$s/server"
      log_level = "WARN"
      ca_key_type = "ec-p256"
    }
    plugins {
      DataStore "sql" {
        plugin_data { database_type = "sqlite3" connection_string = "%4$s/server/datastore.sqlite3" }
      }
      NodeAttestor "join_token" { plugin_data {} }
      KeyManager "memory" { plugin_data {} }
    }
    """
        .formatted(port, socket, TRUST_DOMAIN, directory);
  }

  private String agentConfiguration(int port, Path socket, Path bundle) {
    return """
    agent {
      data_dir = "%4$s/agent"
      log_level = "WARN"
      server_address = "127.0.0.1"
      server_port = "%1$d"
      socket_path = "%2$s"
      trust_bundle_path = "%5$s"
      trust_domain = "%3$s"
    }
    plugins {
      NodeAttestor "join_token" { plugin_data {} }
      KeyManager "memory" { plugin_data {} }
      WorkloadAttestor "unix" { plugin_data {} }
    }
    """
        .formatted(port, socket, TRUST_DOMAIN, directory, bundle);
  }
}
