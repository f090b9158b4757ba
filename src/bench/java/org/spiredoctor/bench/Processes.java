package org.spiredoctor.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Starts processes, all in the same small environment, and leaves none behind. */
final class Processes implements AutoCloseable {
  private static final Set<String> KEPT = Set.of("PATH", "HOME", "LANG", "LC_ALL");

  private final Scratch scratch;
  private final Path firstOnPath;
  private final Set<Child> running = ConcurrentHashMap.newKeySet();
  private boolean closed;

  /**
   * @param firstOnPath a directory of programs that come before all others
   */
  Processes(Scratch scratch, Path firstOnPath) {
    this.scratch = scratch;
    this.firstOnPath = firstOnPath;
  }

  /** Starts a command; its output goes to a file, so that nobody has to read it in time. */
  Child start(List<String> command) throws IOException {
    Path output = scratch.fresh("output");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(KEPT);
    environment.merge("PATH", firstOnPath.toString(), (path, first) -> first + ":" + path);
    synchronized (this) {
      if (closed) {
        throw new StoppedException();
      }
      long now = System.nanoTime();
      Child child = new Child(builder.start(), now, output, running::remove);
      running.add(child);
      return child;
    }
  }

  /** What a command prints that ends well in time. */
  String output(List<String> command, Duration limit)
      throws IOException, InterruptedException, RunFailedException {
    try (Child child = start(command)) {
      child.succeeded(limit);
      return child.output();
    }
  }

  synchronized boolean closed() {
    return closed;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    running.forEach(Child::close);
  }
}
