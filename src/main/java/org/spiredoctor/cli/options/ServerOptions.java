package org.spiredoctor.cli.options;

import io.spiffe.spiffeid.TrustDomain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.evidence.Address;
import org.spiredoctor.evidence.cluster.ClusterAccess;
import org.spiredoctor.evidence.cluster.ServerAccess;
import org.spiredoctor.spire.CredentialsSource;
import org.spiredoctor.spire.Endpoint;
import org.spiredoctor.spire.MalformedEndpointException;
import picocli.CommandLine.Option;

/** How the SPIRE server is asked, other than by its program in its pod. */
final class ServerOptions {
  @Option(
      names = "--server-socket",
      paramLabel = "PATH",
      description =
          "Ask the SPIRE server on its own socket on this machine, as"
              + " /tmp/spire-server/private/api.sock")
  private @Nullable String socket;

  @Option(
      names = "--server-address",
      paramLabel = "HOST:PORT",
      description =
          "Ask the SPIRE server over the network, with an admin X.509-SVID: that of --svid, else"
              + " that of the Workload API (--socket)")
  private @Nullable String address;

  @Option(
      names = "--svid",
      paramLabel = "FILE",
      description = "For --server-address: the X.509-SVID, as svid.pem")
  private @Nullable Path svid;

  @Option(
      names = "--svid-key",
      paramLabel = "FILE",
      description = "For --server-address: the SVID's key, as svid_key.pem")
  private @Nullable Path key;

  @Option(
      names = "--bundle",
      paramLabel = "FILE",
      description = "For --server-address: the bundle of the server's trust domain, as bundle.pem")
  private @Nullable Path bundle;

  /** Whether any of these was given. */
  boolean given() {
    return Stream.of(socket, address, svid, key, bundle).anyMatch(o -> o != null);
  }

  /**
   * The way to the server; none when it is asked in its pod.
   *
   * @param workloadApi where an SVID is fetched when none is in files
   * @param trustDomain that the server is expected to be of
   */
  Optional<ServerAccess> access(Address workloadApi, Optional<TrustDomain> trustDomain)
      throws UsageException {
    boolean files = svid != null || key != null || bundle != null;
    if (socket != null && (address != null || files)) {
      throw new UsageException(
          "--server-socket needs no SVID: --server-address, --svid, --svid-key and --bundle do not"
              + " go with it");
    }
    if (socket != null) {
      return Optional.of(local(socket));
    }
    if (address == null) {
      if (files) {
        throw new UsageException("--svid, --svid-key and --bundle need --server-address");
      }
      return Optional.empty();
    }
    int colon = address.lastIndexOf(':');
    String host = colon < 0 ? "" : address.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (host.isEmpty() || (host.indexOf(':') >= 0 && !bracketed)) {
      throw new UsageException("--server-address " + address + " is not HOST:PORT");
    }
    return Optional.of(
        new ServerAccess.Network(
            bracketed ? host.substring(1, host.length() - 1) : host,
            port(address, address.substring(colon + 1)),
            credentials(files, workloadApi, trustDomain),
            trustDomain));
  }

  private static ServerAccess local(String socket) throws UsageException {
    try {
      if (Endpoint.parseLenient(socket) instanceof Endpoint.Unix(Path path)) {
        return new ServerAccess.Local(path);
      }
    } catch (MalformedEndpointException e) {
      throw new UsageException("--server-socket " + socket + ": " + e.problem());
    }
    throw new UsageException(
        "--server-socket " + socket + " is no path; for a port there is --server-address");
  }

  private static int port(String address, String text) throws UsageException {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new UsageException(
        "--server-address " + address + ": '" + text + "' is no port from 1 to 65535");
  }

  private CredentialsSource credentials(
      boolean files, Address workloadApi, Optional<TrustDomain> trustDomain) throws UsageException {
    if (files) {
      return new CredentialsSource.FromFiles(
          readable("--svid", svid),
          readable("--svid-key", key),
          readable("--bundle", bundle),
          trustDomain);
    }
    Endpoint endpoint =
        workloadApi
            .endpoint()
            .orElseThrow(
                () ->
                    new UsageException(
                        "--server-address needs a Workload API to get an SVID from, and "
                            + workloadApi.text()
                            + " is no address: "
                            + workloadApi.problem().orElse("")));
    return new CredentialsSource.FromWorkloadApi(endpoint, ClusterAccess.LIMIT);
  }

  private static Path readable(String option, @Nullable Path file) throws UsageException {
    if (file == null) {
      throw new UsageException(
          "--svid, --svid-key and --bundle go together: " + option + " is missing");
    }
    if (!Files.isReadable(file)) {
      throw new UsageException(option + " " + file + " cannot be read");
    }
    return file;
  }
}
