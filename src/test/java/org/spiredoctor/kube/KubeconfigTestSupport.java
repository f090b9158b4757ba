package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.kube.ApiServer.Request;

/** Writes kubeconfigs for an API server that tells who asked it. */
abstract class KubeconfigTestSupport {
  static final Duration LIMIT = Duration.ofSeconds(10);

  /** Not a real one, and not written like one. */
  static final String TOKEN = "planted" + "-" + "value" + "-" + "1";

  @TempDir Path directory;
  final Certificates authority = new Certificates();

  ApiServer server(String... names) throws IOException, GeneralSecurityException {
    return ApiServer.tls(
        authority.server(authority.issue("EC", "server", names)), KubeconfigTestSupport::answer);
  }

  static void answer(Request request, OutputStream out) throws IOException {
    if (!request.header("Upgrade").isEmpty() && request.path().contains("/exec")) {
      ApiServer.upgrade(request, out);
      ApiServer.success(out);
    } else if (request.path().contains("/log?")) {
      ApiServer.json(out, 200, "a line");
    } else {
      ApiServer.json(out, 200, "{\"items\":[]}");
    }
  }

  String data(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  String trusted(int port) throws IOException {
    return "server: \"https://127.0.0.1:"
        + port
        + "\", certificate-authority-data: "
        + data(authority.pem());
  }

  Path config(String cluster, String user) throws IOException {
    return Files.writeString(
        directory.resolve("config"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {%s}}]
        users: [{name: u, user: {%s}}]
        contexts: [{name: x, context: {cluster: c, user: u, namespace: apps}}]
        current-context: x
        """
            .formatted(cluster, user));
  }

  static KubeApi open(Path config, Map<String, String> environment) throws KubeException {
    return Connection.open(Optional.of(config.toString()), Optional.empty(), LIMIT, environment);
  }

  static void ask(KubeApi api) throws KubeException {
    assertThat(api.list(Kind.POD, Optional.empty())).isEmpty();
  }
}
