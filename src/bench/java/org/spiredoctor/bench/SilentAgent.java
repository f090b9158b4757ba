package org.spiredoctor.bench;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Accepts connections and never says a word: whoever connects is there to be looked at. */
final class SilentAgent implements AutoCloseable {
  private final Path path;
  private final ServerSocketChannel server;
  private final CompletableFuture<Long> accepted = new CompletableFuture<>();
  private final Queue<SocketChannel> connections = new ConcurrentLinkedQueue<>();

  private SilentAgent(Path path, ServerSocketChannel server) {
    this.path = path;
    this.server = server;
  }

  static SilentAgent at(Path path) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    SilentAgent agent = new SilentAgent(path, server);
    Thread.ofPlatform().daemon().name("silent-agent").start(agent::accept);
    return agent;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel connection = server.accept();
        accepted.complete(System.nanoTime());
        connections.add(connection);
      }
    } catch (ClosedChannelException e) {
      // The run is over.
    } catch (IOException e) {
      accepted.completeExceptionally(e);
    }
  }

  /**
   * Waits for the first connection.
   *
   * @return {@link System#nanoTime()} when it was accepted
   */
  long accepted(Child child, Duration limit) throws InterruptedException, RunFailedException {
    try {
      Object _ =
          CompletableFuture.anyOf(accepted, child.exit())
              .get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw child.failed("did not connect within " + limit.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw child.failed("could not be accepted (" + e.getMessage() + ")");
    }
    if (!accepted.isDone()) {
      throw child.failed("ended without connecting");
    }
    return accepted.join();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (SocketChannel connection : connections) {
      connection.close();
    }
    Files.deleteIfExists(path);
  }
}
