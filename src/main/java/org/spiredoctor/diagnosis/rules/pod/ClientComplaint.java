package org.spiredoctor.diagnosis.rules.pod;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.evidence.cluster.Workloads;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Container.State;
import org.spiredoctor.kube.Pod;

/**
 * The last complaint of a pod's container about the Workload API, after which nothing shows
 * success.
 *
 * @param sockets where the container sees agents' sockets
 * @param at when, as far as it is known: a container that ended complained before its end
 * @param ended whether the container does not run
 * @param last whether little was said since
 */
record ClientComplaint(
    Container container,
    Log.Line line,
    Set<String> sockets,
    Optional<Instant> at,
    boolean ended,
    boolean last) {
  private static final int LITTLE = 20;

  /** Of the containers of a pod that have to do with the Workload API. */
  static Optional<ClientComplaint> of(ClusterCase cluster, Pod pod) {
    return pod.containers().stream()
        .filter(container -> !container.completedInit())
        .flatMap(container -> of(cluster, pod, container).stream())
        .findFirst();
  }

  private static Optional<ClientComplaint> of(ClusterCase cluster, Pod pod, Container container) {
    Set<String> sockets = sockets(cluster, pod, container);
    if (sockets.isEmpty()) {
      return Optional.empty();
    }
    List<Log.Line> lines = new ArrayList<>(cluster.evidence().log(pod, container.name()).lines());
    Optional<State> end = end(container);
    end.ifPresent(state -> lines.addAll(Log.parse(state.message()).lines()));
    List<Log.Line> successes = new ArrayList<>();
    for (int i = lines.size() - 1; i >= 0; i--) {
      Log.Line line = lines.get(i);
      if (ClientText.succeeds(line)) {
        successes.add(line);
      } else if (ClientText.complains(line, sockets)) {
        return successes.stream().anyMatch(success -> ClientText.refutes(success, line))
            ? Optional.empty()
            : Optional.of(
                new ClientComplaint(
                    container,
                    line,
                    sockets,
                    line.at().or(() -> end.flatMap(State::ended)),
                    end.isPresent(),
                    lines.size() - i <= LITTLE));
      }
    }
    return Optional.empty();
  }

  /** Whether file permissions keep it from the socket: an agent would answer otherwise. */
  boolean isKeptOut() {
    return !ClientText.isDenied(line)
        && ClientText.isUnreached(line, sockets)
        && ClientText.isForbidden(line);
  }

  /** A file of its own that fails, where the line is not about the socket. */
  Optional<String> ownFile() {
    return ClientText.isDenied(line) || ClientText.isUnreached(line, sockets)
        ? Optional.empty()
        : ClientText.failingFile(line).filter(file -> sockets.stream().noneMatch(file::startsWith));
  }

  /** How it ended, of one that does not run. */
  private static Optional<State> end(Container container) {
    return container
        .status()
        .flatMap(
            status ->
                switch (status.state().phase()) {
                  case TERMINATED -> Optional.of(status.state());
                  case WAITING -> status.before();
                  case RUNNING -> Optional.empty();
                });
  }

  /** Where it sees agents' sockets: their paths or directories; empty where it uses none. */
  private static Set<String> sockets(ClusterCase cluster, Pod pod, Container container) {
    Set<String> sockets = new HashSet<>();
    AgentSockets.address(container)
        .map(address -> AgentSockets.path(address).map(Path::toString).orElse(address.text()))
        .filter(path -> !path.isBlank())
        .ifPresent(sockets::add);
    container.mounts().stream()
        .filter(mount -> isSocket(cluster, pod, mount))
        .map(mount -> mount.path().endsWith("/") ? mount.path() : mount.path() + "/")
        .forEach(sockets::add);
    return sockets;
  }

  private static boolean isSocket(ClusterCase cluster, Pod pod, Container.MountPoint mount) {
    return Stream.of(mount.volume())
        .flatMap(name -> pod.volume(name).stream())
        .anyMatch(volume -> Workloads.leadsToSocket(volume, cluster.socketDirectories()));
  }
}
