package org.spiredoctor.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real SPIRE server and agent on the loopback interface: join token, unix attestor, no entries.
 */
final class RealSpire implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String PARENT = "spiffe://example.org/node";

  private final Path directory;
  private final Path serverProgram;
  private final Path agentProgram;
  private final int port;
  private final Process server;
  private @Nullable Process agent;

  private RealSpire(Path directory, Path serverProgram, Path agentProgram) throws IOException {
    this.directory = directory;
    this.serverProgram = serverProgram;
    this.agentProgram = agentProgram;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = free.getLocalPort();
    }
    Files.createDirectories(directory.resolve("public"));
    Files.createDirectories(directory.resolve("agent"));
    Files.createDirectories(directory.resolve("server"));
    Files.writeString(directory.resolve("server.conf"), serverConfiguration());
    Files.writeString(directory.resolve("agent.conf"), agentConfiguration());
    this.server = launch("server.log", serverProgram, "run", "-config", "server.conf");
    until(() -> succeeds(serverProgram, "healthcheck", "-socketPath", serverSocket()));
  }

  /** Whether both programs are on the path. */
  static boolean installed() {
    return find("spire-server").isPresent() && find("spire-agent").isPresent();
  }

  /** Starts both, with the agent attested. */
  static RealSpire start(Path directory) throws IOException {
    RealSpire spire =
        new RealSpire(
            directory, find("spire-server").orElseThrow(), find("spire-agent").orElseThrow());
    Files.writeString(directory.resolve("bundle.crt"), spire.server("bundle", "show"));
    String token =
        spire
            .server("token", "generate", "-spiffeID", PARENT)
            .lines()
            .findFirst()
            .orElseThrow()
            .replace("Token:", "")
            .strip();
    spire.startAgent("-joinToken", token);
    return spire;
  }

  private static Optional<Path> find(String program) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Where the agent serves the Workload API. */
  Path socket() {
    return directory.resolve("public/api.sock");
  }

  /** Where the server serves its own API. */
  String serverSocket() {
    return directory.resolve("server.sock").toString();
  }

  /** Starts the agent with what it remembers. */
  void startAgent(String... more) throws IOException {
    String[] arguments =
        Stream.concat(Stream.of("run", "-config", "agent.conf"), Stream.of(more))
            .toArray(String[]::new);
    agent = launch("agent.log", agentProgram, arguments);
    until(() -> succeeds(agentProgram, "healthcheck", "-socketPath", socket().toString()));
  }

  /** Kills the agent with SIGKILL: it cannot clean up. */
  void killAgent() {
    end(Objects.requireNonNull(agent).destroyForcibly());
  }

  /** Bans the agent; it then stops by itself. */
  void banAgent() {
    String list = server("agent", "list");
    String id =
        list.lines()
            .filter(line -> line.contains("spiffe://"))
            .map(line -> line.substring(line.indexOf("spiffe://")).strip())
            .findFirst()
            .orElseThrow();
    String _ = server("agent", "ban", "-spiffeID", id);
    until(() -> !Objects.requireNonNull(agent).isAlive());
  }

  /** Where it serves the same over the network. */
  String serverAddress() {
    return "127.0.0.1:" + port;
  }

  /** Makes an entry for this process's user. */
  void entry(String id, String... more) {
    try {
      Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      List<String> arguments =
          new ArrayList<>(
              List.of("-parentID", PARENT, "-spiffeID", id, "-selector", "unix:uid:" + uid));
      arguments.addAll(List.of(more));
      String _ = server("entry", "create", arguments.toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command of the server's program. */
  String server(String noun, String verb, String... more) {
    List<String> arguments = new ArrayList<>(List.of(noun, verb, "-socketPath", serverSocket()));
    arguments.addAll(List.of(more));
    return output(serverProgram, arguments.toArray(String[]::new));
  }

  private Process launch(String log, Path program, String... arguments) throws IOException {
    return new ProcessBuilder(words(program, arguments))
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve(log).toFile()))
        .start();
  }

  private static List<String> words(Path program, String... arguments) {
    return Stream.concat(Stream.of(program.toString()), Stream.of(arguments)).toList();
  }

  private static boolean succeeds(Path program, String... arguments) {
    try {
      Process process =
          new ProcessBuilder(words(program, arguments))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return end(process) == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String output(Path program, String... arguments) {
    try {
      Process process =
          new ProcessBuilder(words(program, arguments)).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (end(process) != 0) {
        throw new AssertionError(program + " " + List.of(arguments) + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int end(Process process) {
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(process.info() + " does not end");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void until(BooleanSupplier condition) {
    Until.holds(condition, LIMIT);
  }

  @Override
  public void close() {
    Process running = agent;
    if (running != null) {
      end(running.destroyForcibly());
    }
    end(server.destroyForcibly());
  }

  private String serverConfiguration() {
    return """
        server {
          bind_address = "127.0.0.1"
          bind_port = "%d"
          socket_path = "%s"
          trust_domain = "example.org"
          data_dir = "%s"
          ca_key_type = "ec-p256"
        }
        plugins {
          DataStore "sql" {
            plugin_data { database_type = "sqlite3" connection_string = "datastore.sqlite3" }
          }
          NodeAttestor "join_token" { plugin_data {} }
          KeyManager "memory" { plugin_data {} }
        }
        """
        .formatted(port, serverSocket(), directory.resolve("server"));
  }

  private String agentConfiguration() {
    return """
        agent {
          data_dir = "%2$s"
          server_address = "127.0.0.1"
          server_port = "%1$d"
          socket_path = "%3$s"
          trust_bundle_path = "bundle.crt"
          trust_domain = "example.org"
        }
        plugins {
          NodeAttestor "join_token" { plugin_data {} }
          KeyManager "disk" { plugin_data { directory = "%2$s" } }
          WorkloadAttestor "unix" { plugin_data {} }
        }
        """
        .formatted(port, directory.resolve("agent"), socket());
  }
}
