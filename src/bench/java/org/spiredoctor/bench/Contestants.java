package org.spiredoctor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Those that are compared: which of them are here, and how each is run for what is measured.
 *
 * @param doctors spire-doctor in its forms
 * @param agent the program whose {@code healthcheck} asks an agent
 * @param probe grpc-health-probe
 * @param busybox for the shell loops
 * @param leftOut a line for each that is not here
 */
record Contestants(
    List<Doctor> doctors,
    Optional<Path> agent,
    Optional<Path> probe,
    Optional<Path> busybox,
    List<String> leftOut) {
  /** All others are compared with this. */
  static final String BASE = "spire-doctor (native)";

  private static final String JVM = "spire-doctor (JVM)";
  private static final String HEALTHCHECK = "spire-agent healthcheck";
  private static final String PROBE = "grpc-health-probe";
  private static final String LOOP = "busybox loop";

  /** The loops sleep this long after each look. */
  private static final Duration SLEEP = Duration.ofSeconds(2);

  /** How long grpc-health-probe tries to connect before it gives up, unless told otherwise. */
  private static final Duration PROBE_TRIES = Duration.ofSeconds(1);

  private static final Duration IDENTITY_LIMIT = Duration.ofSeconds(20);

  static Contestants find(Options options, SearchPath searchPath) {
    List<String> leftOut = new ArrayList<>();
    List<Doctor> doctors = new ArrayList<>();
    if (Files.isExecutable(options.nativeBinary())) {
      doctors.add(new Doctor(BASE, List.of(options.nativeBinary().toAbsolutePath().toString())));
    } else {
      leftOut.add(BASE + ": there is no " + options.nativeBinary());
    }
    if (Files.isRegularFile(options.jar())) {
      doctors.add(new Doctor(JVM, launch(options.jar())));
    } else {
      leftOut.add(JVM + ": there is no " + options.jar());
    }
    Optional<Path> agent = searchPath.find("spire-agent");
    Optional<Path> probe = searchPath.find("grpc-health-probe", "grpc_health_probe");
    Optional<Path> busybox = searchPath.find("busybox");
    if (agent.isEmpty()) {
      leftOut.add(HEALTHCHECK + ": spire-agent is not on the PATH");
    }
    if (probe.isEmpty()) {
      leftOut.add(PROBE + ": it is not on the PATH");
    }
    if (busybox.isEmpty()) {
      leftOut.add(LOOP + ", and the other shell loops: busybox is not on the PATH");
    }
    return new Contestants(List.copyOf(doctors), agent, probe, busybox, List.copyOf(leftOut));
  }

  private static List<String> launch(Path jar) {
    return List.of(
        Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
        "--sun-misc-unsafe-memory-access=allow",
        "--enable-native-access=ALL-UNNAMED",
        "-jar",
        jar.toAbsolutePath().toString());
  }

  /** Those that end when an agent serves, or already when there is a socket. */
  List<Trial> answered() {
    List<Trial> trials = new ArrayList<>(asking());
    busybox.ifPresent(
        box -> {
          trials.add(
              Trial.quick(
                  "busybox `[ -S ]`",
                  "is there a socket? asks nobody",
                  socket -> ShellLoop.isSocket(box, socket)));
          trials.add(loop(box, "socket there at once, then its sleep of 5 s"));
        });
    return trials;
  }

  /** Those that ask an agent. */
  List<Trial> asking() {
    List<Trial> trials = new ArrayList<>();
    doctors.forEach(doctor -> trials.add(waiting(doctor, "serving")));
    agent.ifPresent(
        program ->
            trials.add(
                Trial.quick(
                    HEALTHCHECK,
                    "`healthcheck`: gRPC health",
                    socket -> healthcheck(program, socket))));
    probe.ifPresent(
        program ->
            trials.add(
                Trial.quick(PROBE, "defaults: gRPC health", socket -> probe(program, socket))));
    return trials;
  }

  /** Those that can be left waiting, for long enough to be looked at. */
  List<Trial> hanging() {
    List<Trial> trials = new ArrayList<>();
    doctors.forEach(doctor -> trials.add(waiting(doctor, "serving")));
    agent.ifPresent(
        program ->
            trials.add(
                Trial.quick(HEALTHCHECK, "`healthcheck`", socket -> healthcheck(program, socket))));
    probe.ifPresent(
        program ->
            trials.add(
                Trial.quick(
                    PROBE,
                    "with time limits of 60 s",
                    socket ->
                        Stream.concat(
                                probe(program, socket).stream(),
                                Stream.of("-connect-timeout=60s", "-rpc-timeout=60s"))
                            .toList())));
    busybox.ifPresent(
        box ->
            trials.add(
                Trial.quick(
                        LOOP,
                        "no socket there; without its `sleep`, a process of its own",
                        socket -> ShellLoop.untilSocket(box, socket))
                    .neverConnecting()));
    return trials;
  }

  /** As {@link #asking()}, and the loop. */
  List<Trial> running() {
    List<Trial> trials = new ArrayList<>(asking());
    busybox.ifPresent(box -> trials.add(loop(box, "without its `sleep`, a process of its own")));
    return trials;
  }

  /** Those that wait for an agent that does not serve yet. */
  List<Trial> reacting(boolean identity) {
    List<Trial> trials = new ArrayList<>();
    for (Doctor doctor : doctors) {
      trials.add(waiting(doctor, "serving"));
      if (identity) {
        trials.add(waiting(doctor, "identity"));
      }
    }
    busybox.ifPresent(
        box -> {
          agent.ifPresent(
              program ->
                  trials.add(
                      until(box, HEALTHCHECK, program, Contestants::healthcheck, Duration.ZERO)));
          probe.ifPresent(
              program -> trials.add(until(box, PROBE, program, Contestants::probe, PROBE_TRIES)));
          trials.add(loop(box, "looks every 2 s, then sleeps 5 s"));
        });
    return trials;
  }

  /** Why waiting for an identity cannot be measured; absent when it can. */
  Optional<String> identityRefused(Processes processes, Path socket)
      throws IOException, InterruptedException {
    if (doctors.isEmpty()) {
      return Optional.of("there is no spire-doctor");
    }
    List<String> command = doctors.getFirst().waitFor("identity", socket, IDENTITY_LIMIT);
    try (Child child = processes.start(command)) {
      child.succeeded(IDENTITY_LIMIT.plusSeconds(10));
      return Optional.empty();
    } catch (RunFailedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** What has to be shipped, in MiB. */
  List<Line> sizes(Options options) throws IOException {
    List<Line> lines = new ArrayList<>();
    for (Doctor doctor : doctors) {
      lines.add(
          doctor.name().equals(BASE)
              ? size(BASE, "the binary", options.nativeBinary())
              : size(
                  JVM,
                  "jars; needs a Java runtime, too",
                  options.jar().toAbsolutePath().resolveSibling("")));
    }
    if (agent.isPresent()) {
      lines.add(size(HEALTHCHECK, "the binary: it is the agent", agent.get()));
    }
    if (probe.isPresent()) {
      lines.add(size(PROBE, "the binary", probe.get()));
    }
    if (busybox.isPresent()) {
      lines.add(size(LOOP, "busybox, the binary", busybox.get()));
    }
    return lines;
  }

  private static Trial waiting(Doctor doctor, String goal) {
    return Trial.quick(
        doctor.name(), "`wait --for " + goal + "`", socket -> doctor.waitFor(goal, socket));
  }

  private static Trial loop(Path box, String how) {
    return Trial.slow(LOOP, how, socket -> ShellLoop.untilSocket(box, socket), SLEEP);
  }

  private static Trial until(
      Path box,
      String contestant,
      Path program,
      BiFunction<Path, Path, List<String>> command,
      Duration tries) {
    return Trial.slow(
        contestant,
        "`until …; do sleep 2; done`",
        socket -> ShellLoop.untilSuccess(box, command.apply(program, socket)),
        SLEEP.plus(tries));
  }

  private static List<String> healthcheck(Path program, Path socket) {
    return List.of(program.toString(), "healthcheck", "-socketPath", socket.toString());
  }

  private static List<String> probe(Path program, Path socket) {
    return List.of(program.toString(), "-addr=unix:" + socket);
  }

  private static Line size(String contestant, String how, Path path) throws IOException {
    return Line.of(contestant, how, bytes(path) / 1048576.0);
  }

  private static long bytes(Path path) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
