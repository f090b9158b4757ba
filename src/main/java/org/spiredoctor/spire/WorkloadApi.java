package org.spiredoctor.spire;

import io.grpc.CallOptions;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.internal.PickFirstLoadBalancerProvider;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.spiffe.workloadapi.grpc.SpiffeWorkloadAPIGrpc;
import io.spiffe.workloadapi.grpc.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A client of the SPIFFE Workload API. Every call has a connection of its own, so that what is seen
 * is what a program that starts now would see. Unix sockets are the JDK's own: a static binary can
 * load no native library.
 */
public final class WorkloadApi implements AutoCloseable {

  /** Far over the 4 MiB at which other clients give up, so that this can be told. */
  private static final int LARGEST_MESSAGE_BYTES = 64 * 1024 * 1024;

  private static final long LONGEST_CONNECT_MILLIS = 4000;

  private final Endpoint endpoint;
  private final EventLoopGroup loop =
      new NioEventLoopGroup(1, new DefaultThreadFactory("workload-api", true));

  /** A client of the Workload API at {@code endpoint}; nothing is opened yet. */
  public WorkloadApi(Endpoint endpoint) {
    this.endpoint = endpoint;
    // In a native image nothing is found by ServiceLoader; one address needs no other policy.
    LoadBalancerRegistry.getDefaultRegistry().register(new PickFirstLoadBalancerProvider());
  }

  /**
   * Connects and calls.
   *
   * @param limit how long the call may last in all; it then ends, and {@link Ending#timedOut} says
   *     so
   * @param listener is told of every event, from one other thread; it must not block
   */
  public Call start(Request request, Duration limit, Consumer<CallEvent> listener) {
    Call call = new Call(limit, listener);
    ManagedChannel channel = connect(limit, call);
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS);
    switch (request) {
      case Request.X509Svids _ ->
          call.begin(
              channel,
              answered(SpiffeWorkloadAPIGrpc.getFetchX509SVIDMethod(), X509SvidReader::read),
              options,
              Workload.X509SVIDRequest.getDefaultInstance());
      case Request.X509Bundles _ ->
          call.begin(
              channel,
              answered(SpiffeWorkloadAPIGrpc.getFetchX509BundlesMethod(), BundleReader::x509),
              options,
              Workload.X509BundlesRequest.getDefaultInstance());
      case Request.JwtBundles _ ->
          call.begin(
              channel,
              answered(SpiffeWorkloadAPIGrpc.getFetchJWTBundlesMethod(), BundleReader::jwt),
              options,
              Workload.JWTBundlesRequest.getDefaultInstance());
      case Request.JwtSvid jwt ->
          call.begin(
              channel,
              answered(SpiffeWorkloadAPIGrpc.getFetchJWTSVIDMethod(), new JwtSvidReader(jwt)::read),
              options,
              Workload.JWTSVIDRequest.newBuilder().addAudience(jwt.audience()).build());
    }
    return call;
  }

  private ManagedChannel connect(Duration limit, Call call) {
    NettyChannelBuilder builder =
        switch (endpoint) {
          case Endpoint.Unix unix -> {
            SocketAddress address = UnixDomainSocketAddress.of(unix.path());
            yield NettyChannelBuilder.forAddress(address)
                .channelFactory(WorkloadApi::unixChannel)
                // grpc sets this TCP option by itself; a Unix socket refuses it.
                .withOption(ChannelOption.SO_KEEPALIVE, null);
          }
          case Endpoint.Tcp tcp ->
              NettyChannelBuilder.forAddress(tcp.address())
                  .channelFactory(NioSocketChannel::new)
                  // Less than a handshake may take, so that a silent network is told from a
                  // silent agent.
                  .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis(limit));
        };
    return builder
        .eventLoopGroup(loop)
        // Nothing here is worth a pool: one connection, a few messages.
        .withOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
        .usePlaintext()
        .overrideAuthority("localhost")
        .userAgent("spire-doctor")
        .disableRetry()
        .directExecutor()
        .maxInboundMessageSize(LARGEST_MESSAGE_BYTES)
        .addTransportFilter(call.connectedFilter())
        .build();
  }

  private static int connectMillis(Duration limit) {
    return (int) Math.clamp(limit.toMillis() * 9 / 10, 1L, LONGEST_CONNECT_MILLIS);
  }

  private static NioDomainSocketChannel unixChannel() {
    try {
      return new NioDomainSocketChannel(SocketChannel.open(StandardProtocolFamily.UNIX));
    } catch (IOException e) {
      throw new UncheckedIOException("opening a Unix socket", e);
    }
  }

  private static <Q> MethodDescriptor<Q, Answer> answered(
      MethodDescriptor<Q, ?> method, AnswerMarshaller.Reader reader) {
    return method.toBuilder(method.getRequestMarshaller(), new AnswerMarshaller(reader)).build();
  }

  /** Ends every call that is still open. */
  @Override
  public void close() {
    var _ = loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
  }
}
