package org.spiredoctor.evidence;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.PodFiles;
import org.spiredoctor.pod.PodInspector;
import org.spiredoctor.pod.SocketPath;
import org.spiredoctor.spire.Answer;
import org.spiredoctor.spire.Call;
import org.spiredoctor.spire.CallEvent;
import org.spiredoctor.spire.Ending;
import org.spiredoctor.spire.Endpoint;
import org.spiredoctor.spire.Request;
import org.spiredoctor.spire.WorkloadApi;

/** Gathers evidence once. */
public final class Gathering {

  /** A live agent sends its HTTP/2 settings at once; this is ample for one short of CPU. */
  public static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(5);

  /** Attestation may poll the kubelet for 30 s (60 times 500 ms): less would make the fault. */
  public static final Duration ANSWER_LIMIT = Duration.ofSeconds(35);

  private final PodInspector inspector;
  private final Clock clock;
  private final Duration limit;
  private final Consumer<String> progress;
  private final long startedNanos = System.nanoTime();

  /**
   * @param limit how long one call may take in all
   * @param progress is told what takes long
   */
  public Gathering(PodInspector inspector, Clock clock, Duration limit, Consumer<String> progress) {
    this.inspector = inspector;
    this.clock = clock;
    this.limit = limit;
    this.progress = progress;
  }

  /** Looks at everything there is to see, and asks the agent. */
  public Evidence gather(PodQuery query) throws InterruptedException {
    Optional<SocketPath> socket = query.address().endpoint().flatMap(Gathering::lookAt);
    List<Attempt> attempts = new ArrayList<>();
    Endpoint endpoint = query.address().endpoint().orElse(null);
    boolean worthCalling =
        endpoint instanceof Endpoint.Tcp
            || socket.filter(s -> s.kind() == FileKind.SOCKET).isPresent();
    if (endpoint != null && worthCalling) {
      try (WorkloadApi api = new WorkloadApi(endpoint)) {
        ask(api, query, attempts);
      }
    }
    return new Evidence(clock.instant(), query, socket, inspector.look(), List.copyOf(attempts));
  }

  /** What lies at a Unix socket's path. */
  public static Optional<SocketPath> lookAt(Endpoint endpoint) {
    return endpoint instanceof Endpoint.Unix(Path path)
        ? Optional.of(PodFiles.look(path))
        : Optional.empty();
  }

  private void ask(WorkloadApi api, PodQuery query, List<Attempt> attempts)
      throws InterruptedException {
    Attempt identities = call(api, new Request.X509Svids());
    attempts.add(identities);
    if (identities.answer().isEmpty()) {
      return;
    }
    Attempt keys = call(api, new Request.JwtBundles());
    attempts.add(keys);
    if (query.audience().isPresent()) {
      Map<String, String> keySets =
          keys.answer().orElse(null) instanceof Answer.JwtBundles bundles
              ? bundles.keySets()
              : Map.of();
      attempts.add(call(api, new Request.JwtSvid(query.audience().get(), keySets)));
    }
  }

  /** Makes one call and waits for its first answer or its end. */
  private Attempt call(WorkloadApi api, Request request) throws InterruptedException {
    BlockingQueue<CallEvent> events = new LinkedBlockingQueue<>();
    Duration began = elapsed();
    boolean connected = false;
    boolean told = false;
    try (Call _ = api.start(request, limit, events::add)) {
      while (true) {
        Duration spent = elapsed().minus(began);
        Duration handshake = HANDSHAKE_LIMIT.compareTo(limit) < 0 ? HANDSHAKE_LIMIT : limit;
        if (!connected && spent.compareTo(handshake) > 0) {
          return attempt(
              request, began, false, Optional.empty(), Optional.of(Ending.silence(false)));
        }
        switch (events.poll(250, TimeUnit.MILLISECONDS)) {
          case CallEvent.Connected() -> connected = true;
          case CallEvent.Answered(Answer answer) -> {
            return attempt(request, began, true, Optional.of(answer), Optional.empty());
          }
          case CallEvent.Ended(Ending ending) -> {
            return attempt(request, began, connected, Optional.empty(), Optional.of(ending));
          }
          case null -> {
            if (!told && spent.toSeconds() >= 2) {
              told = true;
              progress.accept(
                  request.method()
                      + " is not answered yet; waiting up to "
                      + limit.toSeconds()
                      + " s");
            }
          }
        }
      }
    }
  }

  private Attempt attempt(
      Request request,
      Duration began,
      boolean connected,
      Optional<Answer> answer,
      Optional<Ending> ending) {
    Duration ended = elapsed();
    Duration took = ended.minus(began);
    return new Attempt(
        request, began, ended, took, 1, connected, answer.map(_ -> took), answer, ending);
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }
}
