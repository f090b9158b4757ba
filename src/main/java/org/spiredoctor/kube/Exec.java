package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A program that runs in a container, over the API server's {@code v4.channel.k8s.io} protocol, or
 * {@code v5} where its input is to end: the first byte of a message is its channel. Its output is
 * read as it comes, and no faster than it is read.
 */
public final class Exec extends InputStream {
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int STATUS = 3;

  /** Of v5: ends the channel of the next byte. */
  private static final byte CLOSE = (byte) 255;

  private static final byte STDIN = 0;
  private static final int LARGEST_MESSAGE = 32 * 1024;
  private static final int STDERR_KEPT = 64 * 1024;
  private static final long PAUSE_NANOS = 50_000;

  /** No message is without its channel. */
  private static final byte[] END = {};

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private Duration limit;
  private @Nullable WebSocket socket;
  private volatile @Nullable String broken;
  private OptionalInt exitCode = OptionalInt.empty();
  private String status = "";
  private byte[] current = new byte[0];
  private int at;
  private boolean over;

  private Exec(Duration limit) {
    this.limit = limit;
  }

  /** What is sent to the program. */
  public enum Input {
    NONE,
    /** It must know by itself when it has all. */
    UNENDING,
    /** It can see the end of it; only where {@link KubeApi#closesInput}. */
    ENDING
  }

  static Exec start(HttpClient client, URI uri, Duration limit, String asked, Input input)
      throws KubeException {
    Exec exec = new Exec(limit);
    exec.socket =
        KubeApi.await(
            client
                .newWebSocketBuilder()
                .uri(WebSocket.toWebSocketUri(uri))
                .subprotocol(input == Input.ENDING ? "v5.channel.k8s.io" : "v4.channel.k8s.io")
                .buildAsync(exec.listener())
                .handle(
                    (opened, failure) -> {
                      if (failure != null) {
                        throw handshake(asked, failure);
                      }
                      return opened;
                    }),
            asked,
            limit);
    return exec;
  }

  private static CompletionException handshake(String asked, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException c && c.getCause() != null ? c.getCause() : failure;
    if (cause instanceof WebSocketHandshakeException refused) {
      String body = "";
      try {
        body = String.valueOf(refused.getResponse().bodyString());
      } catch (IOException e) {
        body = String.valueOf(e.getMessage());
      }
      return new CompletionException(KubeApi.refused(asked, refused.getResponse().code(), body));
    }
    return new CompletionException(cause);
  }

  private WebSocket.Listener listener() {
    return new WebSocket.Listener() {
      @Override
      public void onMessage(WebSocket from, ByteBuffer bytes) {
        byte[] message = new byte[bytes.remaining()];
        bytes.get(message);
        messages.add(message);
      }

      @Override
      public void onMessage(WebSocket from, String text) {
        messages.add(text.getBytes(StandardCharsets.UTF_8));
      }

      @Override
      public void onClose(WebSocket from, int code, String reason) {
        messages.add(END);
      }

      @Override
      public void onError(WebSocket from, Throwable error) {
        broken = Failures.inWords(error);
        messages.add(END);
      }
    };
  }

  /**
   * Allows for longer silence.
   *
   * @param longer how long may pass before the next output, or until input is taken
   */
  public void allow(Duration longer) {
    limit = longer;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    while (at >= current.length) {
      if (over || !next()) {
        return -1;
      }
    }
    int n = Math.min(length, current.length - at);
    System.arraycopy(current, at, into, offset, n);
    at += n;
    return n;
  }

  /** Takes one message; false at the end. */
  private boolean next() throws IOException {
    byte @Nullable [] message;
    try {
      message = messages.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (message == null) {
      throw new IOException("nothing came for " + limit.toSeconds() + " s");
    }
    if (message.length == 0) {
      over = true;
      if (broken != null) {
        throw new IOException(broken);
      }
      return false;
    }
    WebSocket open = socket;
    if (open != null) {
      open.request();
    }
    take(message);
    return true;
  }

  private void take(byte[] message) throws IOException {
    switch (message[0]) {
      case STDOUT -> {
        current = message;
        at = 1;
      }
      case STDERR ->
          stderr.write(
              message,
              1,
              Math.min(message.length - 1, STDERR_KEPT - Math.min(STDERR_KEPT, stderr.size())));
      case STATUS -> status(MAPPER.readTree(message, 1, message.length - 1));
      default -> {}
    }
  }

  private void status(JsonNode told) {
    status = Redaction.text(told.path("message").asText());
    if (told.path("status").asText().equals("Success")) {
      exitCode = OptionalInt.of(0);
      return;
    }
    for (JsonNode cause : told.path("details").path("causes")) {
      if (cause.path("reason").asText().equals("ExitCode")) {
        exitCode = OptionalInt.of(cause.path("message").asInt());
      }
    }
  }

  /**
   * Sends it this as standard input, no faster than the connection takes it.
   *
   * @throws IOException when the connection is gone
   */
  public void send(byte[] input) throws IOException {
    send(input, input.length);
  }

  /** Sends it the first bytes of this. */
  public void send(byte[] input, int count) throws IOException {
    for (int from = 0; from < count; from += LARGEST_MESSAGE) {
      int length = Math.min(LARGEST_MESSAGE, count - from);
      ByteBuffer message = ByteBuffer.allocate(1 + length);
      message.put(STDIN).put(input, from, length).flip();
      send(message);
    }
  }

  /** Lets it see the end of its standard input. */
  public void closeInput() throws IOException {
    send(ByteBuffer.wrap(new byte[] {CLOSE, STDIN}));
  }

  private void send(ByteBuffer message) throws IOException {
    WebSocket open = socket;
    if (open == null || !open.send(message)) {
      throw new IOException(broken == null ? "the connection takes no input" : broken);
    }
    // What is not sent yet would have to be held, and a second message is refused until then.
    long since = System.nanoTime();
    while (open.queueSize() > 0) {
      if (broken != null || System.nanoTime() - since > limit.toNanos()) {
        throw new IOException(broken == null ? "the connection takes no more input" : broken);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Its exit code, when its output has been read to the end; empty when nobody said. */
  public OptionalInt exitCode() {
    return exitCode;
  }

  /** What it or the runtime complained of. */
  public String complaint() {
    String text = Redaction.text(stderr.toString(StandardCharsets.UTF_8)).strip();
    return text.isEmpty() ? status : text;
  }

  @Override
  public void close() {
    WebSocket open = socket;
    if (open != null) {
      open.sendClose(1000, "done");
    }
  }
}
