package org.spiredoctor.simulator;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.spiffe.workloadapi.grpc.SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIImplBase;
import io.spiffe.workloadapi.grpc.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The Workload API of a simulated agent; a stream stays open after its first message. */
final class SimulatedWorkloadApi extends SpiffeWorkloadAPIImplBase {
  static final String ID = "spiffe://example.org/integration-test";

  private final Authority authority = new Authority("example.org");
  private final Tokens tokens = new Tokens();
  private final Fault fault;
  private final byte[] bundle;
  private final Duration delay;
  private final Runnable reset;
  private final IssuedKeys issued;
  private volatile boolean renewed;
  private final long startedNanos = System.nanoTime();
  private final ScheduledExecutorService later =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  /**
   * @param bundleBytes at least so many, of as many authorities as that takes
   */
  SimulatedWorkloadApi(
      Fault fault, Duration delay, Runnable reset, IssuedKeys issued, int bundleBytes) {
    this.issued = issued;
    this.bundle = bundleBytes == 0 ? authority.bundle() : authority.bundleOver(bundleBytes);
    this.fault = fault;
    this.delay = delay;
    this.reset = reset;
  }

  @Override
  public void fetchX509SVID(
      Workload.X509SVIDRequest request, StreamObserver<Workload.X509SVIDResponse> out) {
    answer(out, this::identities);
  }

  @Override
  public void fetchX509Bundles(
      Workload.X509BundlesRequest request, StreamObserver<Workload.X509BundlesResponse> out) {
    answer(
        out,
        () ->
            Workload.X509BundlesResponse.newBuilder()
                .putBundles("spiffe://example.org", ByteString.copyFrom(bundle))
                .build());
  }

  @Override
  public void fetchJWTBundles(
      Workload.JWTBundlesRequest request, StreamObserver<Workload.JWTBundlesResponse> out) {
    answer(
        out,
        () ->
            Workload.JWTBundlesResponse.newBuilder()
                .putBundles("spiffe://example.org", ByteString.copyFromUtf8(tokens.keySet()))
                .build());
  }

  @Override
  public void fetchJWTSVID(
      Workload.JWTSVIDRequest request, StreamObserver<Workload.JWTSVIDResponse> out) {
    if (request.getAudienceCount() == 0 || request.getAudience(0).isEmpty()) {
      out.onError(
          Status.INVALID_ARGUMENT.withDescription("audience must be specified").asException());
      return;
    }
    String audience = fault == Fault.WRONG_AUDIENCE ? "somebody-else" : request.getAudience(0);
    out.onNext(
        Workload.JWTSVIDResponse.newBuilder()
            .addSvids(
                Workload.JWTSVID
                    .newBuilder()
                    .setSpiffeId(ID)
                    .setSvid(tokens.issue(ID, audience, Instant.now().plusSeconds(300))))
            .build());
    out.onCompleted();
  }

  private <A> void answer(StreamObserver<A> out, Supplier<A> message) {
    switch (fault) {
      case NO_IDENTITY -> out.onError(denied());
      case LATE_IDENTITY -> {
        if (System.nanoTime() - startedNanos < delay.toNanos()) {
          out.onError(denied());
        } else {
          out.onNext(message.get());
        }
      }
      case SLOW -> {
        var _ =
            later.schedule(
                () -> out.onNext(message.get()), delay.toMillis(), TimeUnit.MILLISECONDS);
      }
      case RENEWED -> {
        out.onNext(message.get());
        renewed = true;
        var _ =
            later.schedule(
                () -> out.onNext(message.get()), delay.toMillis(), TimeUnit.MILLISECONDS);
      }
      case ATTESTATION_FAILED ->
          out.onError(status(Status.UNAVAILABLE, "workload attestation failed"));
      case RATE_LIMITED ->
          out.onError(
              status(
                  Status.UNAVAILABLE, "rate limit exceeded for /SpiffeWorkloadAPI/FetchX509SVID"));
      case HEADER_MISSING ->
          out.onError(status(Status.INVALID_ARGUMENT, "security header missing from request"));
      case CALLER_CHANGED ->
          out.onError(
              status(
                  Status.UNAVAILABLE,
                  "New process detected: process uid does not match original caller"));
      case DUPLICATE_CONTAINER ->
          out.onError(status(Status.INTERNAL, "two pods found with same container Id"));
      case INTERNAL -> out.onError(status(Status.INTERNAL, "could not fetch"));
      case HOSTILE_TEXT ->
          out.onError(
              status(
                  Status.INTERNAL, "\u001b[2J\u001b]0;owned\u0007 evil \u202eesrever\r\nFAKE: ok"));
      case ENDS_EARLY -> out.onCompleted();
      case RESET -> reset.run();
      case NO_ANSWER -> {}
      default -> out.onNext(message.get());
    }
  }

  private Workload.X509SVIDResponse identities() {
    Instant now = Instant.now();
    Svid good = authority.issue(ID);
    issued.add(good.keys().getPrivate());
    Workload.X509SVID svid =
        switch (fault) {
          case RENEWED -> (renewed ? good : expired(now)).message(bundle);
          case EXPIRED -> expired(now).message(bundle);
          case FUTURE ->
              authority.issue(ID, now.plusSeconds(600), now.plusSeconds(4200)).message(bundle);
          case KEY_MISMATCH -> good.withKeyOf(authority.issue(ID)).message(bundle);
          case FOREIGN -> {
            Authority other = new Authority("other.test");
            yield other.issue("spiffe://other.test/web").message(other.bundle());
          }
          case UNTRUSTED -> good.message(new Authority("example.org").bundle());
          case MALFORMED ->
              good.message(bundle).toBuilder()
                  .setX509Svid(ByteString.copyFromUtf8("no certificate"))
                  .build();
          default -> good.message(bundle);
        };
    Workload.X509SVIDResponse.Builder all = Workload.X509SVIDResponse.newBuilder().addSvids(svid);
    if (fault == Fault.AMBIGUOUS) {
      all.addSvids(authority.issue("spiffe://example.org/other").message(bundle));
    }
    return all.build();
  }

  private Svid expired(Instant now) {
    return authority.issue(ID, now.minusSeconds(7200), now.minusSeconds(60));
  }

  private static Throwable denied() {
    return status(Status.PERMISSION_DENIED, "no identity issued");
  }

  private static Throwable status(Status code, String text) {
    return code.withDescription(text).asException();
  }
}
