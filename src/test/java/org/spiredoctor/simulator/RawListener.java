package org.spiredoctor.simulator;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Listens on a socket and speaks no gRPC. */
final class RawListener implements AutoCloseable {
  private final ServerSocketChannel server;
  private final Fault fault;
  private final List<SocketChannel> open = new ArrayList<>();

  private RawListener(ServerSocketChannel server, Fault fault) {
    this.server = server;
    this.fault = fault;
  }

  static RawListener start(Path socket, Fault fault) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    RawListener listener = new RawListener(server, fault);
    Thread.ofPlatform().daemon().name("raw-listener").start(listener::run);
    return listener;
  }

  private void run() {
    try {
      while (true) {
        SocketChannel caller = server.accept();
        switch (fault) {
          case HANG_UP -> caller.close();
          case GARBAGE -> {
            caller.write(
                ByteBuffer.wrap(
                    "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            keep(caller);
          }
          default -> keep(caller);
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private synchronized void keep(SocketChannel caller) {
    open.add(caller);
  }

  @Override
  public synchronized void close() throws IOException {
    server.close();
    for (SocketChannel caller : open) {
      caller.close();
    }
  }
}
