package org.spiredoctor.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the contestants for their versions. */
final class Versions {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+[\\w.-]*");

  private final Processes processes;

  Versions(Processes processes) {
    this.processes = processes;
  }

  List<String> of(Contestants contestants) throws IOException, InterruptedException {
    List<String> versions = new ArrayList<>();
    if (!contestants.doctors().isEmpty()) {
      versions.add(version("spire-doctor", contestants.doctors().getFirst().with("--version")));
      versions.add("Java " + Runtime.version().feature());
    }
    add(versions, "spire-agent", contestants.agent(), "--version");
    add(versions, "grpc-health-probe", contestants.probe(), "-version");
    add(versions, "busybox", contestants.busybox(), "--help");
    return versions;
  }

  private void add(List<String> versions, String name, Optional<Path> program, String flag)
      throws IOException, InterruptedException {
    if (program.isPresent()) {
      versions.add(version(name, List.of(program.get().toString(), flag)));
    }
  }

  private String version(String name, List<String> command)
      throws IOException, InterruptedException {
    try {
      Matcher matcher = VERSION.matcher(processes.output(command, LIMIT));
      return name + " " + (matcher.find() ? matcher.group() : "of unknown version");
    } catch (RunFailedException e) {
      return name + " of unknown version";
    }
  }
}
