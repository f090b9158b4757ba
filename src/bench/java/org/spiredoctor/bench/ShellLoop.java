package org.spiredoctor.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What init containers run in a shell. */
final class ShellLoop {
  /** A loop that many init containers with busybox have in this or a similar form. */
  private static final String BUSYBOX =
      """
      echo "Waiting for SPIRE Workload API socket..."
      WAIT_TIME=0
      MAX_WAIT=120
      until [ -S /spire-socket/api.sock ]; do
        if [ $WAIT_TIME -ge $MAX_WAIT ]; then
          echo "ERROR: Socket not found after ${MAX_WAIT}s"
          exit 1
        fi
        echo "Socket not found yet (waited ${WAIT_TIME}s), retrying in 2s..."
        sleep 2
        WAIT_TIME=$((WAIT_TIME + 2))
      done
      echo "✅ Socket found: /spire-socket/api.sock"
      # Give agent a moment to fully initialize
      echo "Waiting 5s for agent initialization..."
      sleep 5
      echo "✅ Ready for workload attestation"
      """;

  private ShellLoop() {}

  /** Until there is a socket, and 5 s more. */
  static List<String> untilSocket(Path busybox, Path socket) {
    return shell(busybox, BUSYBOX.replace("/spire-socket/api.sock", socket.toString()));
  }

  /** Is there a socket? */
  static List<String> isSocket(Path busybox, Path socket) {
    return shell(busybox, "[ -S \"$0\" ]", socket.toString());
  }

  /** Until a command succeeds. */
  static List<String> untilSuccess(Path busybox, List<String> command) {
    return shell(busybox, "until \"$0\" \"$@\"; do sleep 2; done", command.toArray(String[]::new));
  }

  private static List<String> shell(Path busybox, String script, String... arguments) {
    return Stream.concat(Stream.of(busybox.toString(), "sh", "-c", script), Stream.of(arguments))
        .toList();
  }
}
