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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/**
 * Stands before a real API server (behind {@code kubectl proxy}), and says that it is of another
 * version.
 */
final class ApiProxy implements AutoCloseable {
  private final Process kubectl;
  private final int behind;
  private final ServerSocket listening;
  private final String version;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

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

  /** Breaks every connection that there is. */
  void cut() {
    cuts.incrementAndGet();
    for (Socket one : open) {
      try {
        // As a balancer does that forgets them: a reset, and no end of the stream.
        one.setSoLinger(true, 0);
        one.close();
      } catch (IOException e) {
        // It is gone already.
      }
    }
  }

  /** How often that was done. */
  int cuts() {
    return cuts.get();
  }

  /** Does so once, when so much has been sent by the client. */
  void cutAfter(long bytes) {
    left.set(bytes);
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
      open.add(client);
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
      Thread back = Thread.ofVirtual().start(() -> pipe(server, client, _ -> {}));
      pipe(client, server, this::sent);
      back.join();
    } catch (IOException e) {
      // Either end is gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private void sent(int bytes) {
    if (left.addAndGet(-bytes) < 0) {
      left.set(Long.MAX_VALUE);
      cut();
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

  private static void pipe(Socket from, Socket to, IntConsumer counted) {
    byte[] buffer = new byte[64 * 1024];
    try {
      InputStream in = from.getInputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        to.getOutputStream().write(buffer, 0, n);
        counted.accept(n);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // Either end is gone, and so the other has nobody to talk to.
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone already.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    kubectl.destroy();
  }
}
