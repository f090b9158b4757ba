package org.spiredoctor.pod;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What was seen at the socket's path and on the way to it.
 *
 * @param path of the socket
 * @param resolved the same without symbolic links, as far as it exists: what mounts go by
 * @param steps from the root to the last element that exists or could be looked at
 * @param siblings what else lies in its directory; absent when there is no such directory
 * @param unlistable why the directory could not be listed
 */
public record SocketPath(
    Path path,
    Path resolved,
    List<PathElement> steps,
    Optional<List<Sibling>> siblings,
    Optional<String> unlistable) {

  /** Another entry of the directory. */
  public record Sibling(String name, FileKind kind) {}

  /** What lies at the path itself. */
  public FileKind kind() {
    PathElement last = steps.getLast();
    return last.path().equals(path) ? last.kind() : FileKind.MISSING;
  }

  /** The socket's own step, if there is anything at its path. */
  public Optional<PathElement> self() {
    return Optional.of(steps.getLast()).filter(step -> step.path().equals(path));
  }

  /** The first element on the way that this process may not pass. */
  public Optional<PathElement> barrier() {
    return steps.stream().filter(step -> !step.passable()).findFirst();
  }

  /** The directory that holds, or would hold, the socket. */
  public Path directory() {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  /** Whether that directory exists. */
  public boolean directoryExists() {
    return steps.stream()
        .anyMatch(s -> s.path().equals(directory()) && s.kind() == FileKind.DIRECTORY);
  }

  /** The names of the other sockets in the directory. */
  public List<String> otherSockets() {
    String self = AnyPath.name(path).toString();
    return siblings.orElse(List.of()).stream()
        .filter(s -> s.kind() == FileKind.SOCKET && !s.name().equals(self))
        .map(Sibling::name)
        .toList();
  }
}
