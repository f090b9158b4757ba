package org.spiredoctor.spire;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientTransportFilter;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call under way. Closing it hangs up, without a further event. */
public final class Call implements AutoCloseable {

  /** Demanded of every call by the SPIFFE Workload Endpoint specification, section 3. */
  private static final Metadata.Key<String> SECURITY_HEADER =
      Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);

  private final long limitNanos;
  private final long startedNanos = System.nanoTime();
  private final Consumer<CallEvent> listener;
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile boolean connected;
  private volatile @Nullable ManagedChannel channel;

  Call(Duration limit, Consumer<CallEvent> listener) {
    this.limitNanos = limit.toNanos();
    this.listener = listener;
  }

  /** Tells of the other side's HTTP/2 settings. */
  ClientTransportFilter connectedFilter() {
    return new ClientTransportFilter() {
      @Override
      public Attributes transportReady(Attributes attributes) {
        connected = true;
        tell(new CallEvent.Connected());
        return attributes;
      }
    };
  }

  <Q> void begin(
      ManagedChannel to, MethodDescriptor<Q, Answer> method, CallOptions options, Q question) {
    channel = to;
    ClientCall<Q, Answer> call = to.newCall(method, options);
    Metadata headers = new Metadata();
    headers.put(SECURITY_HEADER, "true");
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(Answer answer) {
            tell(new CallEvent.Answered(answer));
            call.request(1);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            Ending ending = ending(status);
            if (over.compareAndSet(false, true)) {
              listener.accept(new CallEvent.Ended(ending));
              to.shutdownNow();
            }
          }
        },
        headers);
    // Two for a unary call too: grpc then sees a second message as the error that it is.
    call.request(2);
    call.sendMessage(question);
    call.halfClose();
  }

  private void tell(CallEvent event) {
    if (!over.get()) {
      listener.accept(event);
    }
  }

  private Ending ending(Status status) {
    Throwable root = root(status.getCause());
    String cause = root == null ? "" : describe(root);
    boolean ourLimit =
        status.getCode() == Status.Code.DEADLINE_EXCEEDED
            && System.nanoTime() - startedNanos >= limitNanos;
    String description = status.getDescription() == null ? "" : status.getDescription();
    return new Ending(phase(root), status.getCode(), description, cause, ourLimit);
  }

  private Ending.Phase phase(@Nullable Throwable root) {
    if (connected) {
      return Ending.Phase.CALL;
    }
    String text = root == null ? "" : String.valueOf(root.getMessage());
    boolean connecting =
        root instanceof ConnectException
            || text.startsWith("No such file")
            || text.startsWith("Not a directory")
            || text.startsWith("Permission denied")
            || text.startsWith("Operation not permitted")
            || text.contains("unreachable")
            || text.contains("No route to host");
    return connecting ? Ending.Phase.CONNECT : Ending.Phase.HANDSHAKE;
  }

  private static @Nullable Throwable root(@Nullable Throwable thrown) {
    Throwable root = thrown;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static String describe(Throwable root) {
    String name = root.getClass().getSimpleName();
    return root.getMessage() == null ? name : name + ": " + root.getMessage();
  }

  @Override
  public void close() {
    over.set(true);
    ManagedChannel open = channel;
    if (open != null) {
      open.shutdownNow();
    }
  }
}
