package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.kube.config.Credentials;

/**
 * A program that runs in a container, over the API server's {@code v4.channel.k8s.io} protocol, or
 * {@code v5} where its input is to end. Its output is read as it comes, no faster than it is read,
 * and within limits: what runs in a pod may be anybody's.
 */
public final class Exec extends InputStream {
  /** Of v5: ends the channel of the next byte. */
  private static final byte CLOSE = (byte) 255;

  private static final byte STDIN = 0;
  private static final int LARGEST_MESSAGE = 32 * 1024;
  private static final int STDERR_KEPT = 64 * 1024;
  private static final int STATUS_KEPT = 64 * 1024;

  /** What lies between forgets connections on which nothing moves; some after half a minute. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ExecMessages messages = new ExecMessages();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final ByteArrayOutputStream statusJson = new ByteArrayOutputStream();
  private final WebSocket socket;
  private Duration silence;
  private @Nullable BooleanSupplier doubt;
  private String gaveUp = "";
  private final Limits limits;
  private final long end;
  private long received;
  private OptionalInt exitCode = OptionalInt.empty();
  private String status = "";
  private byte[] current = new byte[0];
  private int at;
  private boolean over;

  /** What is sent to the program. */
  public enum Input {
    NONE,
    /** It must know by itself when it has all. */
    UNENDING,
    /** It can see the end of it; only where {@link KubeApi#closesInput}. */
    ENDING
  }

  /**
   * How much of a program is borne.
   *
   * @param whole how long it may take in all, its input included
   * @param bytes of its output, standard error included
   */
  public record Limits(Duration whole, long bytes) {}

  private Exec(
      Transport transport, String path, Duration silence, String asked, Input input, Limits limits)
      throws KubeException {
    this.silence = silence;
    this.limits = limits;
    this.end = System.nanoTime() + limits.whole().toNanos();
    String protocol = input == Input.ENDING ? "v5.channel.k8s.io" : "v4.channel.k8s.io";
    this.socket =
        KubeApi.await(
            transport
                .open(path, protocol, asked, silence, messages)
                .handle(
                    (opened, failure) -> {
                      if (failure != null) {
                        throw handshake(asked, failure);
                      }
                      return opened;
                    }),
            asked,
            silence);
  }

  /**
   * Starts it.
   *
   * @param silence how long may pass before the next output, or until input is taken
   */
  static Exec start(
      Transport transport, String path, Duration silence, String asked, Input input, Limits limits)
      throws KubeException {
    Credentials.Shown shown = transport.shown(asked);
    try {
      return new Exec(transport, path, silence, asked, input, limits);
    } catch (KubeException e) {
      if (e.reason() == KubeException.Reason.UNAUTHENTICATED && transport.renewed(shown, asked)) {
        return new Exec(transport, path, silence, asked, input, limits);
      }
      throw e;
    }
  }

  private static CompletionException handshake(String asked, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException c && c.getCause() != null ? c.getCause() : failure;
    if (cause instanceof WebSocketHandshakeException refused && refused.getResponse() != null) {
      String body = refused.getResponse().body() instanceof String text ? text : "";
      return new CompletionException(
          Answers.refused(asked, refused.getResponse().statusCode(), body));
    }
    return new CompletionException(cause);
  }

  /**
   * Allows for longer silence.
   *
   * @param longer how long may pass before the next output, or until input is taken
   */
  public void allow(Duration longer) {
    silence = longer;
  }

  /**
   * Goes on waiting for output while something else shows that it is to be expected.
   *
   * @param alive is asked when nothing was printed for a third of the silence that is allowed, and
   *     then after each silence that long; while it holds only the limit of the whole counts
   */
  public void whenSilent(BooleanSupplier alive) {
    doubt = alive;
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

  /** Takes one part of a message; false at the end. */
  private boolean next() throws IOException {
    ExecMessages.Part part = part();
    if (part.end()) {
      over = true;
      finishStatus();
      if (!part.broken().isEmpty()) {
        throw new IOException(part.broken());
      }
      return false;
    }
    received += part.bytes().length;
    if (received > limits.bytes()) {
      throw new IOException("it printed more than " + limits.bytes() / 1024 + " KiB");
    }
    socket.request(1);
    take(part);
    return true;
  }

  private ExecMessages.Part part() throws IOException {
    if (!gaveUp.isEmpty()) {
      throw new IOException(gaveUp);
    }
    BooleanSupplier alive = doubt;
    if (alive != null) {
      ExecMessages.Part soon = await(shorter(patience(), silence.dividedBy(3)));
      while (soon == null && alive.getAsBoolean()) {
        soon = await(patience());
      }
      if (soon != null) {
        return soon;
      }
    }
    Duration patience = patience();
    ExecMessages.Part part = await(patience);
    if (part == null) {
      throw silent("it printed nothing for ", patience);
    }
    return part;
  }

  private ExecMessages.@Nullable Part await(Duration patience) throws IOException {
    Duration left = patience;
    while (true) {
      ExecMessages.Part part = messages.next(shorter(left, KEEP_ALIVE));
      left = left.minus(KEEP_ALIVE);
      if (part != null || !left.isPositive()) {
        return part;
      }
      var _ = socket.sendPing(ByteBuffer.allocate(0));
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** Until silence is too long, or all of it. */
  private Duration patience() throws IOException {
    Duration left = Duration.ofNanos(end - System.nanoTime());
    if (!left.isPositive()) {
      throw endless();
    }
    return shorter(left, silence);
  }

  private IOException endless() {
    return new IOException("it did not end within " + limits.whole().toSeconds() + " s");
  }

  /**
   * @param patience that has run out
   */
  private IOException silent(String what, Duration patience) {
    if (patience.compareTo(silence) < 0) {
      return endless();
    }
    // Who reads on to hear how it ended is not held up again.
    gaveUp = what + silence.toSeconds() + " s";
    return new IOException(gaveUp);
  }

  private void take(ExecMessages.Part part) {
    switch (part.channel()) {
      case ExecMessages.STDOUT -> {
        current = part.bytes();
        at = 0;
      }
      case ExecMessages.STDERR -> keep(part.bytes(), stderr, STDERR_KEPT);
      case ExecMessages.STATUS -> keep(part.bytes(), statusJson, STATUS_KEPT);
      default -> {}
    }
  }

  private static void keep(byte[] bytes, ByteArrayOutputStream into, int most) {
    into.write(bytes, 0, Math.min(bytes.length, Math.max(0, most - into.size())));
  }

  private void finishStatus() {
    JsonNode told;
    try {
      told = MAPPER.readTree(statusJson.toByteArray());
    } catch (IOException e) {
      // How it ended is unknown then.
      return;
    }
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
    Duration patience = patience();
    CompletableFuture<WebSocket> sent = socket.sendBinary(message, true);
    try {
      sent.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw silent("the connection took no input for ", patience);
    } catch (ExecutionException e) {
      throw new IOException(messages.broken().orElse("the connection takes no input"), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
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

  /** Ends the connection at once, and so the program where it reads or writes. */
  @Override
  public void close() {
    var _ =
        socket
            .sendClose(WebSocket.NORMAL_CLOSURE, "done")
            .orTimeout(1, TimeUnit.SECONDS)
            .whenComplete((_, _) -> socket.abort());
  }
}
