package org.spiredoctor.spire;

import io.grpc.LoadBalancerRegistry;
import io.grpc.internal.PickFirstLoadBalancerProvider;
import io.grpc.netty.InternalNettyChannelBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/** gRPC over the JDK's own sockets: a static binary can load no native library. */
public final class Channels {
  private static final long LONGEST_CONNECT_MILLIS = 4000;

  static {
    // In a native image nothing is found by ServiceLoader; one address needs no other policy. It
    // is also done when the image is built, and so takes no time at the start.
    LoadBalancerRegistry.getDefaultRegistry().register(new PickFirstLoadBalancerProvider());
  }

  private Channels() {}

  /** A thread for connections. */
  public static EventLoopGroup loop(String name) {
    return new NioEventLoopGroup(1, new DefaultThreadFactory(name, true));
  }

  /** Over a Unix socket. */
  public static NettyChannelBuilder unix(Path socket, EventLoopGroup loop) {
    return usual(
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelFactory(Channels::unixChannel)
            // grpc sets this TCP option by itself; a Unix socket refuses it.
            .withOption(ChannelOption.SO_KEEPALIVE, null),
        loop);
  }

  /**
   * Over TCP.
   *
   * @param limit of the calls; connecting gets less, so that a silent network is told from a silent
   *     program
   */
  public static NettyChannelBuilder tcp(
      InetSocketAddress address, EventLoopGroup loop, Duration limit) {
    int connectMillis = (int) Math.clamp(limit.toMillis() * 9 / 10, 1L, LONGEST_CONNECT_MILLIS);
    return usual(
        NettyChannelBuilder.forAddress(address)
            .channelFactory(NioSocketChannel::new)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis),
        loop);
  }

  private static NettyChannelBuilder usual(NettyChannelBuilder builder, EventLoopGroup loop) {
    // There is no OpenCensus here; looking for it throws an exception for each of the two.
    InternalNettyChannelBuilder.setStatsEnabled(builder, false);
    InternalNettyChannelBuilder.setTracingEnabled(builder, false);
    return builder
        .eventLoopGroup(loop)
        // Nothing here is worth a pool: one connection, a few messages.
        .withOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
        .userAgent("spire-doctor")
        .disableRetry()
        .directExecutor();
  }

  private static NioDomainSocketChannel unixChannel() {
    try {
      return new NioDomainSocketChannel(SocketChannel.open(StandardProtocolFamily.UNIX));
    } catch (IOException e) {
      throw new UncheckedIOException("opening a Unix socket", e);
    }
  }
}
