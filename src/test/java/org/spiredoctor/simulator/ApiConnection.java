package org.spiredoctor.simulator;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One connection to a {@link SimulatedCluster}: a request, and its answer or its web socket. */
public final class ApiConnection {
  /** RFC 6455, section 1.3. */
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final int BINARY = 0x82;
  private static final int CLOSE = 0x88;

  private final InputStream in;
  private final OutputStream out;

  ApiConnection(Socket socket) throws IOException {
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  /**
   * A request.
   *
   * @param path without its query
   * @param query each parameter with its values, decoded
   * @param headers by their names in small letters
   */
  public record Request(
      String method,
      String path,
      Map<String, List<String>> query,
      Map<String, String> headers,
      String body) {

    String parameter(String name) {
      return query.getOrDefault(name, List.of("")).getFirst();
    }
  }

  Request read() throws IOException {
    String[] lines = head().split("\r\n", -1);
    String[] words = lines[0].split(" ", -1);
    Map<String, String> headers = new TreeMap<>();
    for (String line : List.of(lines).subList(1, lines.length)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    String[] target = words[1].split("\\?", 2);
    return new Request(
        words[0],
        target[0],
        query(target.length > 1 ? target[1] : ""),
        headers,
        new String(body, StandardCharsets.UTF_8));
  }

  private static Map<String, List<String>> query(String text) {
    Map<String, List<String>> query = new TreeMap<>();
    for (String pair : text.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      query
          .computeIfAbsent(parts[0], _ -> new ArrayList<>())
          .add(parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "");
    }
    return query;
  }

  private String head() throws IOException {
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

  /** Sends a whole answer. */
  public void answer(int code, String type, byte[] body) throws IOException {
    String head =
        "HTTP/1.1 %d Answer\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(code, type, body.length);
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    out.write(body);
    out.flush();
  }

  /** Begins an answer that never ends by itself. */
  public OutputStream endless(String type) throws IOException {
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nConnection: close\r\n\r\n".formatted(type);
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return out;
  }

  /** Agrees to the protocol that the client offers. */
  public void upgrade(Request request) throws IOException {
    String key = request.headers().getOrDefault("sec-websocket-key", "");
    String head =
        """
        HTTP/1.1 101 Switching Protocols\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Accept: %s\r
        Sec-WebSocket-Protocol: %s\r
        \r
        """
            .formatted(accept(key), request.headers().getOrDefault("sec-websocket-protocol", ""));
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key + MAGIC).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends a message; its first byte is the channel. */
  public void send(int channel, byte[] text) throws IOException {
    byte[] message = new byte[text.length + 1];
    message[0] = (byte) channel;
    System.arraycopy(text, 0, message, 1, text.length);
    frame(BINARY, message);
  }

  /** Ends the web socket. */
  public void close() throws IOException {
    frame(CLOSE, new byte[] {0x03, (byte) 0xe8});
  }

  private void frame(int kind, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(kind);
    if (payload.length < 126) {
      frame.write(payload.length);
    } else if (payload.length < 65_536) {
      frame.write(126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.write(127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >> shift));
      }
    }
    frame.writeBytes(payload);
    out.write(frame.toByteArray());
    out.flush();
  }

  /** What the client sends as standard input, up to its end as {@code v5} marks it. */
  byte[] input() throws IOException {
    DataInputStream data = new DataInputStream(in);
    ByteArrayOutputStream input = new ByteArrayOutputStream();
    while (true) {
      int kind = data.readUnsignedByte();
      int length = data.readUnsignedByte() & 0x7f;
      long size =
          length == 126 ? data.readUnsignedShort() : length == 127 ? data.readLong() : length;
      byte[] mask = data.readNBytes(4);
      byte[] payload = data.readNBytes((int) size);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      if (kind == CLOSE || payload.length == 0 || payload[0] != 0) {
        return input.toByteArray();
      }
      input.write(payload, 1, payload.length - 1);
    }
  }
}
