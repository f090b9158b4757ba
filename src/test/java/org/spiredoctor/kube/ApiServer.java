package org.spiredoctor.kube;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * The smallest API server: it remembers who asked what, and answers as a test has it, with bytes
 * that drip or never end too. Each connection has one request.
 */
final class ApiServer implements AutoCloseable {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final ServerSocket listening;
  private final Answer answer;
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  /**
   * A request.
   *
   * @param head its lines
   * @param serverName that was asked for in the TLS handshake
   * @param client the name in its certificate
   */
  record Request(List<String> head, Optional<String> serverName, Optional<String> client) {
    /** All values of a header. */
    List<String> header(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ": ";
      return head.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()))
          .toList();
    }

    String path() {
      return head.getFirst().split(" ", -1)[1];
    }
  }

  /** Writes what comes after a request. */
  interface Answer {
    void write(Request request, OutputStream out) throws IOException;
  }

  private ApiServer(ServerSocket listening, Answer answer) {
    this.listening = listening;
    this.answer = answer;
    Thread.ofVirtual().start(this::accept);
  }

  static ApiServer plain(Answer answer) throws IOException {
    return new ApiServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), answer);
  }

  static ApiServer tls(SSLContext context, Answer answer) throws IOException {
    SSLServerSocket socket =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    socket.setWantClientAuth(true);
    return new ApiServer(socket, answer);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** The requests so far. */
  List<Request> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = listening.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    open.add(socket);
    try (socket) {
      List<String> head = head(socket.getInputStream());
      Request request = new Request(head, serverName(socket), client(socket));
      requests.add(request);
      answer.write(request, socket.getOutputStream());
      socket.shutdownOutput();
      // Until the other side has read it all.
      var _ = socket.getInputStream().readNBytes(1024 * 1024);
    } catch (IOException e) {
      // The other side has hung up.
    } finally {
      open.remove(socket);
    }
  }

  private static Optional<String> serverName(Socket socket) {
    return socket instanceof SSLSocket tls && tls.getSession() instanceof ExtendedSSLSession session
        ? session.getRequestedServerNames().stream()
            .map(SNIServerName::getEncoded)
            .map(name -> new String(name, StandardCharsets.US_ASCII))
            .findFirst()
        : Optional.empty();
  }

  private static Optional<String> client(Socket socket) {
    try {
      return socket instanceof SSLSocket tls
          ? Optional.of(tls.getSession().getPeerPrincipal().getName())
          : Optional.empty();
    } catch (SSLException e) {
      return Optional.empty();
    }
  }

  static List<String> head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.write(next);
    }
    return new ArrayList<>(head.toString(StandardCharsets.ISO_8859_1).lines().toList());
  }

  static void json(OutputStream out, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    out.write(
        ("HTTP/1.1 "
                + status
                + " Word\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + "Content-Length: "
                + bytes.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    out.write(bytes);
  }

  /** The head of an answer that ends with the connection. */
  static void unending(OutputStream out) throws IOException {
    out.write(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Agrees to a web socket. */
  static void upgrade(Request request, OutputStream out) throws IOException {
    try {
      String key = request.header("Sec-WebSocket-Key").getFirst();
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      out.write(
          ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  + "Sec-WebSocket-Protocol: "
                  + request.header("Sec-WebSocket-Protocol").getFirst()
                  + "\r\nSec-WebSocket-Accept: "
                  + Base64.getEncoder().encodeToString(digest)
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A whole message of a channel. */
  static void message(OutputStream out, int channel, byte[] payload) throws IOException {
    byte[] whole = new byte[1 + payload.length];
    whole[0] = (byte) channel;
    System.arraycopy(payload, 0, whole, 1, payload.length);
    frame(out, 0x82, whole);
  }

  /** A frame: 0x82 is a whole binary message, 0x02 the beginning of one, 0x00 more of it. */
  static void frame(OutputStream out, int first, byte[] payload) throws IOException {
    out.write(first);
    if (payload.length < 126) {
      out.write(payload.length);
    } else {
      out.write(127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        out.write((int) ((long) payload.length >> shift));
      }
    }
    out.write(payload);
    out.flush();
  }

  /** Ends a program well. */
  static void success(OutputStream out) throws IOException {
    message(out, 3, "{\"status\":\"Success\"}".getBytes(StandardCharsets.UTF_8));
    frame(out, 0x88, new byte[] {3, (byte) 0xe8});
  }

  /** The end of a program that ended badly. */
  static void failure(OutputStream out, int code) throws IOException {
    String status =
        """
        {"status":"Failure","details":{"causes":[{"reason":"ExitCode","message":"%d"}]}}"""
            .formatted(code);
    message(out, 3, status.getBytes(StandardCharsets.UTF_8));
    frame(out, 0x88, new byte[] {3, (byte) 0xe8});
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
