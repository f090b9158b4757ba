package org.spiredoctor.kube.config;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An API server, and as whom it is asked.
 *
 * @param server without a slash at its end and without a user; it may have a path
 * @param namespace of the context
 * @param proxy to go through; absent for none
 */
public record ApiTarget(
    URI server,
    Optional<String> namespace,
    ServerTrust trust,
    Optional<URI> proxy,
    Impersonation impersonation,
    Credentials credentials) {
  /** The address is shown to people, and a user in it may have a password. */
  public ApiTarget {
    String user = server.getRawUserInfo();
    if (user != null) {
      server = URI.create(server.toString().replaceFirst(Pattern.quote(user) + "@", ""));
    }
  }

  /**
   * How the server is recognized.
   *
   * @param authorities in PEM; those of the system when absent
   * @param insecure whether anything is accepted
   * @param serverName that its certificate must have, where it is not the host of the address
   */
  public record ServerTrust(
      Optional<byte[]> authorities, boolean insecure, Optional<String> serverName) {}
}
