package org.spiredoctor.simulator;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An agent on a real Unix socket, with or without a fault. */
public final class SimulatedAgent implements AutoCloseable {
  private static final Metadata.Key<String> SECURITY_HEADER =
      Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);

  private final Path socket;
  private final AutoCloseable listener;
  private final IssuedKeys issued;

  private SimulatedAgent(Path socket, AutoCloseable listener, IssuedKeys issued) {
    this.socket = socket;
    this.listener = listener;
    this.issued = issued;
  }

  /** Starts one that does {@code fault}. */
  public static SimulatedAgent start(Path socket, Fault fault) {
    return start(socket, fault, Duration.ZERO);
  }

  /**
   * Starts one. A file in the socket's place is removed first, as a real agent does.
   *
   * @param delay for the faults that have one
   */
  public static SimulatedAgent start(Path socket, Fault fault, Duration delay) {
    try {
      Files.deleteIfExists(socket);
      IssuedKeys issued = new IssuedKeys();
      AutoCloseable listener =
          switch (fault) {
            case SILENT, GARBAGE, HANG_UP -> RawListener.start(socket, fault);
            default -> grpc(UnixDomainSocketAddress.of(socket), fault, delay, issued);
          };
      return new SimulatedAgent(socket, listener, issued);
    } catch (IOException e) {
      throw new UncheckedIOException("starting a simulated agent at " + socket, e);
    }
  }

  /** Where it serves. */
  public Path socket() {
    return socket;
  }

  /** The private keys that it has sent. */
  public IssuedKeys issued() {
    return issued;
  }

  /**
   * Serves an identity at a TCP port of the loopback interface.
   *
   * @return to be closed
   */
  public static AutoCloseable startTcp(InetSocketAddress address) throws IOException {
    return grpc(address, Fault.NONE, Duration.ZERO, new IssuedKeys());
  }

  /** Starts one without a fault, and with a bundle of at least so many bytes. */
  public static SimulatedAgent startWithBundle(Path socket, int bytes) {
    try {
      Files.deleteIfExists(socket);
      IssuedKeys issued = new IssuedKeys();
      return new SimulatedAgent(
          socket,
          grpc(
              UnixDomainSocketAddress.of(socket),
              Fault.NONE,
              reset -> new SimulatedWorkloadApi(Fault.NONE, Duration.ZERO, reset, issued, bytes)),
          issued);
    } catch (IOException e) {
      throw new UncheckedIOException("starting a simulated agent at " + socket, e);
    }
  }

  private static AutoCloseable grpc(
      SocketAddress address, Fault fault, Duration delay, IssuedKeys issued) throws IOException {
    int bundle =
        switch (fault) {
          case HUGE_BUNDLE -> 5 * 1024 * 1024;
          case ENORMOUS_BUNDLE -> 40 * 1024 * 1024;
          default -> 0;
        };
    return grpc(
        address, fault, reset -> new SimulatedWorkloadApi(fault, delay, reset, issued, bundle));
  }

  private static AutoCloseable grpc(
      SocketAddress address, Fault fault, Function<Runnable, SimulatedWorkloadApi> api)
      throws IOException {
    EventLoopGroup loop = new NioEventLoopGroup(1, new DefaultThreadFactory("simulator", true));
    AtomicReference<@Nullable Server> self = new AtomicReference<>();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .channelFactory(
                address instanceof UnixDomainSocketAddress
                    ? NioServerDomainSocketChannel::new
                    : NioServerSocketChannel::new)
            // So that nothing that was sent lingers in a pool.
            .withChildOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop);
    if (fault != Fault.UNIMPLEMENTED) {
      Runnable reset =
          () -> {
            Server server = self.get();
            if (server != null) {
              server.shutdownNow();
            }
          };
      builder.addService(ServerInterceptors.intercept(api.apply(reset), new DemandHeader()));
    }
    Server server = builder.build().start();
    self.set(server);
    return () -> {
      server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    };
  }

  /** Stops it; the socket's file stays behind, as after a crash. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (Exception e) {
      throw new IllegalStateException("stopping the simulated agent at " + socket, e);
    }
  }

  /** Stops it and removes the socket, as a real agent does when it is told to stop. */
  public void shutDown() {
    close();
    try {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new UncheckedIOException("removing " + socket, e);
    }
  }

  /** SPIFFE Workload Endpoint, section 3: a call without the header is refused. */
  private static final class DemandHeader implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      if ("true".equals(headers.get(SECURITY_HEADER))) {
        return next.startCall(call, headers);
      }
      call.close(
          Status.INVALID_ARGUMENT.withDescription("security header missing from request"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
  }
}
