package org.spiredoctor.wait;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.pod.PathElement;
import org.spiredoctor.pod.PodEnvironment;
import org.spiredoctor.pod.PodFiles;
import org.spiredoctor.pod.PodInspector;
import org.spiredoctor.spire.Call;
import org.spiredoctor.spire.Endpoint;
import org.spiredoctor.spire.Request;
import org.spiredoctor.spire.WorkloadApi;

/** The world outside tests: files, inotify, the Workload API. */
public final class PodWorld implements World, AutoCloseable {

  /** An agent that serves usually answers within this, and then nothing is watched. */
  private static final Duration PROMPT = Duration.ofMillis(20);

  private final Endpoint endpoint;
  private final PodInspector inspector;
  private final Clock clock;
  private final BlockingQueue<Happening> happenings = new LinkedBlockingQueue<>();
  private final long startedNanos = System.nanoTime();
  private @Nullable DirectoryWatch watch;
  private boolean watching;
  private @Nullable WorkloadApi api;
  private @Nullable Call call;
  private @Nullable PodEnvironment here;

  /** Nothing is opened yet. */
  public PodWorld(Endpoint endpoint, PodInspector inspector, Clock clock) {
    this.endpoint = endpoint;
    this.inspector = inspector;
    this.clock = clock;
  }

  /** Watches the endpoint from now on. */
  private void watch() {
    watching = true;
    if (endpoint instanceof Endpoint.Unix(Path path)) {
      watch = DirectoryWatch.on(path, () -> happenings.add(new Happening.Changed()));
    }
  }

  /** Makes the waiting end soon; may be called from any thread. */
  public void stop() {
    happenings.add(new Happening.Stopped());
  }

  @Override
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public PathElement look() {
    return switch (endpoint) {
      case Endpoint.Unix(Path path) -> {
        if (watch != null) {
          watch.follow();
        }
        PathElement step = PodFiles.step(path);
        if (!watching && step.kind() != FileKind.SOCKET) {
          watch();
          yield look();
        }
        yield step;
      }
      // A TCP address is always worth a try.
      case Endpoint.Tcp tcp ->
          new PathElement(Path.of(tcp.toString()), FileKind.SOCKET, 0, -1, -1, 0, true);
    };
  }

  @Override
  public boolean nothingMounted() {
    if (!(endpoint instanceof Endpoint.Unix(Path path))) {
      return false;
    }
    Path directory = path.getParent();
    if (directory != null && PodFiles.step(directory).kind() == FileKind.DIRECTORY) {
      return false;
    }
    PodEnvironment here = here();
    return here.inPod()
        && here.mountOf(PodFiles.resolve(path)).filter(mount -> mount.isRoot()).isPresent();
  }

  /** Looked at once, and only when it matters: volumes are mounted before a container starts. */
  private PodEnvironment here() {
    PodEnvironment known = here;
    if (known == null) {
      known = inspector.glance();
      here = known;
    }
    return known;
  }

  @Override
  public boolean socketIsMount() {
    return endpoint instanceof Endpoint.Unix(Path path)
        && here()
            .mountOf(PodFiles.resolve(path))
            .filter(mount -> mount.point().equals(PodFiles.resolve(path)))
            .isPresent();
  }

  @Override
  public void call(int number, Request request, Duration limit) {
    WorkloadApi client = api;
    if (client == null) {
      client = new WorkloadApi(endpoint);
      api = client;
    }
    call = client.start(request, limit, event -> happenings.add(new Happening.Call(number, event)));
  }

  @Override
  public void hangUp() {
    Call current = call;
    if (current != null) {
      current.close();
    }
  }

  @Override
  public Happening next(Duration atMost) throws InterruptedException {
    Duration wait = watching || atMost.compareTo(PROMPT) < 0 ? atMost : PROMPT;
    Happening happening = happenings.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    if (happening == null && !watching) {
      watch();
    }
    // After that, too, the waiter looks again.
    return happening == null ? new Happening.Nothing() : happening;
  }

  @Override
  public void close() {
    hangUp();
    if (watch != null) {
      watch.close();
    }
    WorkloadApi client = api;
    if (client != null) {
      client.close();
    }
  }
}
