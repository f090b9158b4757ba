package org.spiredoctor.program;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Stands before a real API server (behind {@code kubectl proxy}), and says that it is of another
 * version.
 */
final class ApiProxy implements AutoCloseable {
  private final Process kubectl;
  private final int behind;
  private final ServerSocket listening;
  private final String version;

  private ApiProxy(Process kubectl, int behind, String version) throws IOException {
    this.kubectl = kubectl;
    this.behind = behind;
    this.version = version;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /**
   * Starts it.
   *
   * @param environment with the KUBECONFIG of the API server
   * @param minor of the version that is pretended, as in 1.29
   */
  static ApiProxy start(Map<String, String> environment, String minor) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("kubectl", "proxy", "--port=0", "--reject-paths=^$")
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process kubectl = builder.start();
    String said =
        new BufferedReader(new InputStreamReader(kubectl.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    int port = Integer.parseInt(said.substring(said.lastIndexOf(':') + 1).strip());
    return new ApiProxy(kubectl, port, "{\"major\":\"1\",\"minor\":\"" + minor + "\"}");
  }

  /** A kubeconfig that leads here. */
  String kubeconfig(Path directory) throws IOException {
    String yaml =
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
            .formatted(listening.getLocalPort());
    return Files.writeString(directory.resolve("proxied"), yaml).toString();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listening.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), behind)) {
      String head = head(client.getInputStream());
      if (head.startsWith("GET /version ")) {
        answer(client.getOutputStream());
        return;
      }
      // One request for each connection, so that none is missed.
      String one =
          head.contains("Upgrade: websocket")
              ? head
              : head.replaceFirst("(?i)\r\nConnection: [^\r]*", "")
                  .replaceFirst("\r\n", "\r\nConnection: close\r\n");
      server.getOutputStream().write(one.getBytes(StandardCharsets.ISO_8859_1));
      Thread back = Thread.ofVirtual().start(() -> pipe(server, client));
      pipe(client, server);
      back.join();
    } catch (IOException e) {
      // Either end is gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(OutputStream out) throws IOException {
    out.write(
        ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + "Content-Length: "
                + version.length()
                + "\r\n\r\n"
                + version)
            .getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static void pipe(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // Either end is gone.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    kubectl.destroy();
  }
}
