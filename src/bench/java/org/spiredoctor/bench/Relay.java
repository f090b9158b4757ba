package org.spiredoctor.bench;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Makes the Workload API of a running agent appear at another path, at an instant that is known. It
 * passes bytes on; the agent takes this process for the caller, and its answers are genuine.
 */
final class Relay implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path agent;
  private final Path path;
  private final Path hidden;
  private final ServerSocketChannel server;
  private final Queue<SocketChannel> connections = new ConcurrentLinkedQueue<>();

  private Relay(Path agent, Path path, Path hidden, ServerSocketChannel server) {
    this.agent = agent;
    this.path = path;
    this.hidden = hidden;
    this.server = server;
  }

  /** Ready to serve, but not at the path yet. */
  static Relay prepare(Path agent, Path path) throws IOException {
    Path hidden = path.resolveSibling(path.getFileName() + ".hidden");
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(hidden));
    Relay relay = new Relay(agent, path, hidden, server);
    Thread.ofPlatform().daemon().name("relay").start(relay::accept);
    return relay;
  }

  /**
   * Lets the socket appear: by renaming one that listens already, because between {@code bind} and
   * {@code listen} a socket refuses whoever is quick.
   *
   * @return {@link System#nanoTime()} just before
   */
  long appear() throws IOException {
    long now = System.nanoTime();
    Files.move(hidden, path, StandardCopyOption.ATOMIC_MOVE);
    return now;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel caller = server.accept();
        connections.add(caller);
        SocketChannel callee = SocketChannel.open(UnixDomainSocketAddress.of(agent));
        connections.add(callee);
        Thread.ofPlatform().daemon().name("relay-there").start(() -> pass(caller, callee));
        Thread.ofPlatform().daemon().name("relay-back").start(() -> pass(callee, caller));
      }
    } catch (ClosedChannelException e) {
      // The run is over.
    } catch (IOException e) {
      System.err.println("The relay to the agent failed: " + e.getMessage());
    }
  }

  private static void pass(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try (from;
        to) {
      while (from.read(buffer.clear()) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
      }
    } catch (IOException e) {
      // One of the two has hung up; closing both tells the other.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (SocketChannel connection : connections) {
      connection.close();
    }
    Files.deleteIfExists(hidden);
    Files.deleteIfExists(path);
  }
}
