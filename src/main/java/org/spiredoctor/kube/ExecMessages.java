package org.spiredoctor.kube;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What comes over the web socket of an {@link Exec}: the first byte of each message is its channel.
 * Messages are handed on in the parts in which they come, so that one without an end is never held,
 * and only as many parts are taken from the connection as are asked for.
 */
final class ExecMessages implements WebSocket.Listener {
  static final int STDOUT = 1;
  static final int STDERR = 2;
  static final int STATUS = 3;

  /** Parts that may lie here before they are read. */
  private static final int AHEAD = 16;

  private static final int NONE = -1;

  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private volatile @Nullable String broken;

  /** Of the message under way. */
  private int channel = NONE;

  /** A part of a message, or the end. */
  static final class Part {
    private final int channel;
    private final byte[] bytes;
    private final boolean end;
    private final String broken;

    private Part(int channel, byte[] bytes, boolean end, String broken) {
      this.channel = channel;
      this.bytes = bytes;
      this.end = end;
      this.broken = broken;
    }

    int channel() {
      return channel;
    }

    byte[] bytes() {
      return bytes;
    }

    boolean end() {
      return end;
    }

    /** Why the connection broke off; empty when it was closed, or for a part. */
    String broken() {
      return broken;
    }
  }

  /** The next part; null when there was none in that time. */
  @Nullable Part next(Duration patience) throws IOException {
    try {
      return parts.poll(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Why the connection broke off, if it did. */
  Optional<String> broken() {
    return Optional.ofNullable(broken);
  }

  @Override
  public void onOpen(WebSocket socket) {
    socket.request(AHEAD);
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    take(socket, bytes, last);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    take(socket, data.toString().getBytes(StandardCharsets.UTF_8), last);
    return null;
  }

  private void take(WebSocket socket, byte[] bytes, boolean last) {
    boolean first = channel == NONE;
    if (bytes.length > 0) {
      channel = first ? bytes[0] & 0xff : channel;
      byte[] payload = first ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
      parts.add(new Part(channel, payload, false, ""));
    } else {
      // Nobody will ask for the next one in its place.
      socket.request(1);
    }
    if (last) {
      channel = NONE;
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    parts.add(new Part(NONE, new byte[0], true, ""));
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    String words = Failures.inWords(error);
    if (error instanceof ProtocolException) {
      words = "the connection brought what is no web socket frame (" + words + ")";
    }
    broken = words;
    parts.add(new Part(NONE, new byte[0], true, words));
  }
}
