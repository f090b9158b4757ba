package org.spiredoctor.evidence.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/**
 * A SPIRE server's own program, and where it is run.
 *
 * @param pod in which it is run; absent where it is run on this machine
 * @param path of the program
 * @param socket of the server, where it is not the one that the program knows
 */
public record ServerProgram(Optional<Place> pod, String path, Optional<String> socket) {
  /** A container of a pod. */
  public record Place(String namespace, String name, String container) {}

  /** Where the program looks by itself. */
  private static final String USUAL_SOCKET = "/tmp/spire-server/private/api.sock";

  private static final String USUAL_PATH = "/opt/spire/bin/spire-server";

  /** Where SPIRE's quickstart has it. */
  public static final ServerProgram USUAL =
      new ServerProgram(
          Optional.of(new Place("spire-system", "spire-server-0", "spire-server")),
          USUAL_PATH,
          Optional.empty());

  /** Of a server with this socket on this machine. */
  static ServerProgram here(Optional<String> socket) {
    return new ServerProgram(
        Optional.empty(), "spire-server", socket.filter(path -> !path.equals(USUAL_SOCKET)));
  }

  /** Of a server, in one of its pods: one that is ready, if there is one. */
  public static Optional<ServerProgram> of(Component server) {
    return server.pods().stream()
        .filter(Pod::ready)
        .findFirst()
        .or(() -> server.pods().stream().findFirst())
        .map(pod -> of(server, pod));
  }

  /** Of a server, in this pod of it. */
  public static ServerProgram of(Component server, Pod pod) {
    Container container = server.role().container(pod).orElseThrow();
    String path =
        container.command().stream()
            .filter(word -> word.startsWith("/") && word.endsWith("/spire-server"))
            .findFirst()
            .orElse(USUAL_PATH);
    return new ServerProgram(
        Optional.of(new Place(pod.meta().namespace(), pod.meta().name(), container.name())),
        path,
        server.serverSocket().filter(socket -> !socket.equals(USUAL_SOCKET)));
  }

  /** A command of it, word by word; a flag instead of a command, as --version, needs no server. */
  public List<String> command(List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(path);
    command.addAll(words);
    socket
        .filter(_ -> !words.getFirst().startsWith("--"))
        .ifPresent(at -> command.addAll(List.of("-socketPath", at)));
    return List.copyOf(command);
  }
}
