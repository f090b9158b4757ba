package org.spiredoctor.kube;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy that lets through to one address, wherever it is asked to connect to. */
public final class ConnectProxy implements AutoCloseable {
  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final InetSocketAddress behind;
  private final List<List<String>> heads = new CopyOnWriteArrayList<>();

  ConnectProxy(int behind) throws IOException {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), behind));
  }

  public ConnectProxy(InetSocketAddress behind) throws IOException {
    this.behind = behind;
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** The heads of the requests that it got. */
  public List<List<String>> heads() {
    return heads;
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

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(behind.getAddress(), behind.getPort())) {
      heads.add(ApiServer.head(client.getInputStream()));
      client
          .getOutputStream()
          .write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      Thread back = Thread.ofVirtual().start(() -> pipe(server, client));
      pipe(client, server);
      back.join();
    } catch (IOException e) {
      // Either end is gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
  }
}
