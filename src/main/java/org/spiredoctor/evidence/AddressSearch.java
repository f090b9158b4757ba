package org.spiredoctor.evidence;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.spiredoctor.evidence.Address.Origin;

/**
 * Finds the Workload API's address: a flag beats a variable, a variable beats what is found, and
 * that beats the default.
 */
public final class AddressSearch {

  /** The socket directory on the node, unless {@code SOCKET_DIR} says otherwise. */
  public static final String DEFAULT_DIRECTORY = "/tmp/spire-agent/public";

  /** The socket's name, unless {@code SOCKET_FILE} says otherwise. */
  public static final String DEFAULT_FILE = "api.sock";

  /** Where sockets are mounted by common manifests, the likeliest first. */
  private static final List<String> WELL_KNOWN =
      List.of(
          "/spire-socket/api.sock",
          DEFAULT_DIRECTORY + "/" + DEFAULT_FILE,
          "/spiffe-workload-api/spire-agent.sock",
          "/spiffe-workload-api/api.sock",
          "/run/spire/agent-sockets/spire-agent.sock",
          "/run/spire/agent-sockets/api.sock",
          "/run/spire/sockets/agent.sock",
          "/run/spire/sockets/api.sock",
          "/run/spire/agent/public/api.sock");

  private final Map<String, String> environment;
  private final Predicate<Path> isSocket;

  /**
   * @param environment of this process
   * @param isSocket whether a socket lies at a path
   */
  public AddressSearch(Map<String, String> environment, Predicate<Path> isSocket) {
    this.environment = environment;
    this.isSocket = isSocket;
  }

  /** Searches. */
  public Address find(Optional<String> flag) {
    if (flag.isPresent()) {
      return Address.lenient(flag.get(), Origin.FLAG, "--socket");
    }
    String spiffe = environment.get("SPIFFE_ENDPOINT_SOCKET");
    if (spiffe != null) {
      return Address.strict(spiffe, Origin.VARIABLE, "SPIFFE_ENDPOINT_SOCKET");
    }
    String spire = environment.get("SPIRE_AGENT_SOCKET");
    if (spire != null) {
      return Address.lenient(spire, Origin.VARIABLE, "SPIRE_AGENT_SOCKET");
    }
    if (environment.containsKey("SOCKET_DIR") || environment.containsKey("SOCKET_FILE")) {
      String directory = environment.getOrDefault("SOCKET_DIR", DEFAULT_DIRECTORY);
      String file = environment.getOrDefault("SOCKET_FILE", DEFAULT_FILE);
      return Address.lenient(directory + "/" + file, Origin.VARIABLE, "SOCKET_DIR and SOCKET_FILE");
    }
    return WELL_KNOWN.stream()
        .filter(path -> isSocket.test(Path.of(path)))
        .findFirst()
        .map(path -> Address.strict("unix://" + path, Origin.DETECTED, "found there"))
        .orElseGet(
            () ->
                Address.strict(
                    "unix://" + DEFAULT_DIRECTORY + "/" + DEFAULT_FILE, Origin.DEFAULT, "default"));
  }
}
