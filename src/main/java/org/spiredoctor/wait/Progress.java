package org.spiredoctor.wait;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.spire.Answer;
import org.spiredoctor.spire.Ending;
import org.spiredoctor.spire.X509SvidFacts;

/** Says how the waiting goes. */
final class Progress {
  private final Goal goal;
  private final WaitLimits limits;
  private final Consumer<String> out;

  Progress(Goal goal, WaitLimits limits, Consumer<String> out) {
    this.goal = goal;
    this.limits = limits;
    this.out = out;
  }

  void begin() {
    out.accept("Waiting for SPIRE Workload API socket...");
  }

  void socketFound(Path path) {
    if (path.isAbsolute()) {
      out.accept("✅ Socket found: " + path);
    }
  }

  void grace() {
    if (limits.grace().isPositive()) {
      out.accept("Waiting " + inWords(limits.grace()) + " for agent initialization...");
    }
  }

  void ready() {
    out.accept("✅ Ready for workload attestation");
  }

  void served(Answer answer) {
    if (answer instanceof Answer.X509Svids svids) {
      out.accept(
          "✅ Identity issued: "
              + svids.svids().stream().map(X509SvidFacts::id).collect(Collectors.joining(", ")));
    } else {
      ready();
    }
  }

  /** The agent serves, but has nothing for this process. */
  void served(Ending ending) {
    out.accept(
        (ending.kind() == Ending.Kind.TOO_LARGE
                ? "The agent serves, but its answer is too large to be read: "
                : "The agent serves, but has no identity for this process: ")
            + ending.inWords());
    ready();
  }

  void waiting(Duration elapsed, FileKind kind, Optional<Ending> last, boolean connected) {
    String state =
        switch (kind) {
          case SOCKET ->
              goal instanceof Goal.Identity && connected
                  ? "Agent found, no valid identity yet"
                  : connected ? "Agent found, no answer yet" : "Socket found, agent not ready yet";
          case MISSING -> "Socket not found yet";
          case HIDDEN, BROKEN -> "Socket not reachable yet";
          case FILE, DIRECTORY, OTHER -> "No socket yet, but " + kind.inWords();
        };
    if (kind == FileKind.SOCKET && last.isPresent()) {
      Ending.Kind meaning = last.get().kind();
      state =
          (meaning.servedByAgent() ? "Agent answers, no identity yet" : state)
              + ": "
              + last.get().inWords();
    }
    out.accept(
        state
            + " (waited "
            + elapsed.toSeconds()
            + "s), retrying in "
            + inWords(limits.interval())
            + "...");
  }

  /** {@code 5s}, {@code 1.5s}. */
  private static String inWords(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis / 1000.0 + "s";
  }
}
