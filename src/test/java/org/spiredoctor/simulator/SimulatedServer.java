package org.spiredoctor.simulator;

import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A SPIRE server's API that answers with messages that are given to it. */
public final class SimulatedServer implements AutoCloseable {
  private final EventLoopGroup loop;
  private final Server server;

  private SimulatedServer(EventLoopGroup loop, Server server) {
    this.loop = loop;
    this.server = server;
  }

  /**
   * On a Unix socket.
   *
   * @param answers by the full name of the method; an answer may throw a status
   */
  public static SimulatedServer local(Path socket, Map<String, UnaryOperator<byte[]>> answers) {
    EventLoopGroup loop = loop();
    return start(
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelFactory(NioServerDomainSocketChannel::new),
        loop,
        answers);
  }

  /** On a port of the loopback interface, as somebody; whoever asks must show a certificate. */
  public static SimulatedServer network(Svid as, Map<String, UnaryOperator<byte[]>> answers) {
    try {
      return start(
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .channelFactory(NioServerSocketChannel::new)
              .sslContext(
                  GrpcSslContexts.configure(
                          SslContextBuilder.forServer(as.keys().getPrivate(), as.certificate()),
                          SslProvider.JDK)
                      .clientAuth(ClientAuth.REQUIRE)
                      .trustManager(InsecureTrustManagerFactory.INSTANCE)
                      .build()),
          loop(),
          answers);
    } catch (IOException e) {
      throw new UncheckedIOException("starting a simulated server", e);
    }
  }

  private static EventLoopGroup loop() {
    return new NioEventLoopGroup(1, new DefaultThreadFactory("simulated-server", true));
  }

  private static SimulatedServer start(
      NettyServerBuilder builder, EventLoopGroup loop, Map<String, UnaryOperator<byte[]>> answers) {
    try {
      return new SimulatedServer(
          loop,
          builder
              .bossEventLoopGroup(loop)
              .workerEventLoopGroup(loop)
              .fallbackHandlerRegistry(new Registry(answers))
              .build()
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException("starting a simulated server", e);
    }
  }

  /** Where it serves. */
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
  }

  @Override
  public void close() {
    server.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static final class Registry extends HandlerRegistry {
    private final Map<String, UnaryOperator<byte[]>> answers;

    Registry(Map<String, UnaryOperator<byte[]>> answers) {
      this.answers = answers;
    }

    @Override
    public @Nullable ServerMethodDefinition<?, ?> lookupMethod(
        String name, @Nullable String authority) {
      UnaryOperator<byte[]> answer = answers.get(name);
      return answer == null
          ? null
          : ServerMethodDefinition.create(
              MethodDescriptor.<byte[], byte[]>newBuilder()
                  .setType(MethodDescriptor.MethodType.UNARY)
                  .setFullMethodName(name)
                  .setRequestMarshaller(new Bytes())
                  .setResponseMarshaller(new Bytes())
                  .build(),
              ServerCalls.asyncUnaryCall(
                  (byte[] question, io.grpc.stub.StreamObserver<byte[]> to) -> {
                    try {
                      to.onNext(answer.apply(question));
                      to.onCompleted();
                    } catch (StatusRuntimeException e) {
                      to.onError(e);
                    }
                  }));
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
