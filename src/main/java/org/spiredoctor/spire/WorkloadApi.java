package org.spiredoctor.spire;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.spiffe.workloadapi.grpc.SpiffeWorkloadAPIGrpc;
import io.spiffe.workloadapi.grpc.Workload;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A client of the SPIFFE Workload API. Every call has a connection of its own, so that what is seen
 * is what a program that starts now would see.
 */
public final class WorkloadApi implements AutoCloseable {

  /**
   * Twice the 4 MiB at which other clients give up, so that those whose limit was raised are waited
   * for too. A larger message is refused by the length that it announces, and not read: {@link
   * Ending.Kind#TOO_LARGE}.
   */
  private static final int LARGEST_MESSAGE_BYTES = 8 * 1024 * 1024;

  private final Endpoint endpoint;
  private final EventLoopGroup loop = Channels.loop("workload-api");

  /** A client of the Workload API at {@code endpoint}; nothing is opened yet. */
  public WorkloadApi(Endpoint endpoint) {
    this.endpoint = endpoint;
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

  /** Identities with their keys, to act with: only {@link Credentials} keeps a key. */
  Call startKeeping(Consumer<Credentials> keep, Duration limit, Consumer<CallEvent> listener) {
    Call call = new Call(limit, listener);
    call.begin(
        connect(limit, call),
        answered(
            SpiffeWorkloadAPIGrpc.getFetchX509SVIDMethod(),
            (message, bytes) -> X509SvidReader.read(message, bytes, keep)),
        CallOptions.DEFAULT.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS),
        Workload.X509SVIDRequest.getDefaultInstance());
    return call;
  }

  private ManagedChannel connect(Duration limit, Call call) {
    NettyChannelBuilder builder =
        switch (endpoint) {
          case Endpoint.Unix unix -> Channels.unix(unix.path(), loop);
          case Endpoint.Tcp tcp -> Channels.tcp(tcp.address(), loop, limit);
        };
    return builder
        .usePlaintext()
        .overrideAuthority("localhost")
        .maxInboundMessageSize(LARGEST_MESSAGE_BYTES)
        .addTransportFilter(call.connectedFilter())
        .build();
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
