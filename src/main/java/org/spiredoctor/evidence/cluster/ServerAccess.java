package org.spiredoctor.evidence.cluster;

import io.spiffe.spiffeid.TrustDomain;
import java.nio.file.Path;
import java.util.Optional;
import org.spiredoctor.spire.CredentialsSource;

/** Where a SPIRE server's API is, and as whom it is asked. */
public sealed interface ServerAccess {

  /** In words: the socket's path, or host and port. */
  String address();

  /** Its own socket on this machine. */
  record Local(Path socket) implements ServerAccess {
    @Override
    public String address() {
      return socket.toString();
    }
  }

  /**
   * Over the network.
   *
   * @param trustDomain of the server; that of the SVID when absent
   */
  record Network(
      String host, int port, CredentialsSource credentials, Optional<TrustDomain> trustDomain)
      implements ServerAccess {
    @Override
    public String address() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }
}
