package org.spiredoctor.evidence.cluster;

import java.util.Optional;
import org.spiredoctor.evidence.cluster.Snapshot.Name;

/**
 * How a SPIRE server was asked.
 *
 * @param address the pod, the socket's path, or host and port
 * @param as the SPIFFE ID that was shown; where none was, whoever asks there is trusted
 */
public record ServerRoute(By by, String address, Optional<String> as) {

  /** By what. */
  public enum By {
    /** Its own program, in its pod. */
    EXEC,
    /** Its API, on its local socket. */
    SOCKET,
    /** Its API over the network, with an X.509-SVID. */
    NETWORK
  }

  /** With the program in a pod. */
  public static ServerRoute exec(Name pod) {
    return new ServerRoute(By.EXEC, pod.namespace() + "/" + pod.name(), Optional.empty());
  }

  /** Whether its API was asked, and not its program. */
  public boolean overApi() {
    return by != By.EXEC;
  }

  /** {@code its socket /tmp/spire-server/private/api.sock}. */
  public String inWords() {
    return switch (by) {
          case EXEC -> "spire-server in pod " + address;
          case SOCKET -> "its socket " + address;
          case NETWORK -> address;
        }
        + as.map(id -> " as " + id).orElse("");
  }

  /** The server's program, as far as this way leads to it. */
  public ServerProgram program() {
    return switch (by) {
      case EXEC -> ServerProgram.USUAL;
      case SOCKET -> ServerProgram.here(Optional.of(address));
      case NETWORK -> ServerProgram.here(Optional.empty());
    };
  }
}
