package org.spiredoctor.kube.config;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.kube.config.ApiTarget.ServerTrust;

/**
 * The service account of the pod that this runs in, as client-go's {@code InClusterConfig} takes
 * it.
 *
 * @param directory in which the kubelet puts it
 */
public record ServiceAccount(Path directory, Map<String, String> environment) {
  private static final int LARGEST_FILE = 4 * 1024 * 1024;

  /** Of this process. */
  public static ServiceAccount of(Map<String, String> environment) {
    return new ServiceAccount(
        Path.of("/var/run/secrets/kubernetes.io/serviceaccount"), environment);
  }

  /** Whether there is one. */
  public boolean available() {
    return !host().isEmpty() && !port().isEmpty() && Files.exists(token());
  }

  private Path token() {
    return directory.resolve("token");
  }

  private String host() {
    return environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
  }

  private String port() {
    return environment.getOrDefault("KUBERNETES_SERVICE_PORT", "");
  }

  /** The API server of its cluster. */
  public ApiTarget target(InstantSource clock) throws ConfigException {
    String host = host().contains(":") ? "[" + host() + "]" : host();
    URI server;
    try {
      server = URI.create("https://" + host + ":" + port());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not a host and a port");
    }
    Path authority = directory.resolve("ca.crt");
    byte[] authorities =
        Kubeconfig.bytes(authority, LARGEST_FILE, "the authority of the cluster " + authority);
    return new ApiTarget(
        server,
        namespace(),
        new ServerTrust(Optional.of(authorities), false, Optional.empty()),
        EnvironmentProxy.of(server, environment),
        Impersonation.NONE,
        new TokenFile(token(), "", Optional.empty(), clock));
  }

  /** As kubectl finds it. */
  private Optional<String> namespace() throws ConfigException {
    String named = environment.getOrDefault("POD_NAMESPACE", "");
    if (!named.isEmpty()) {
      return Optional.of(named);
    }
    Path file = directory.resolve("namespace");
    return Files.exists(file)
        ? Optional.of(
            new String(Kubeconfig.bytes(file, 1024, file.toString()), StandardCharsets.UTF_8)
                .strip())
        : Optional.empty();
  }
}
