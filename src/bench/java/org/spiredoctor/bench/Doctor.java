package org.spiredoctor.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * spire-doctor in one of its forms.
 *
 * @param name of the form
 * @param launch the words that start it
 */
record Doctor(String name, List<String> launch) {

  List<String> waitFor(String goal, Path socket) {
    return with("wait", "--for", goal, "--socket", "unix://" + socket);
  }

  List<String> waitFor(String goal, Path socket, Duration timeout) {
    return Stream.concat(
            waitFor(goal, socket).stream(), Stream.of("--timeout", timeout.toSeconds() + "s"))
        .toList();
  }

  List<String> with(String... arguments) {
    return Stream.concat(launch.stream(), Stream.of(arguments)).toList();
  }
}
