package org.spiredoctor.pod;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.pod.PodEnvironment.Sandbox;

/** Finds out where this process runs. */
public final class PodInspector {

  private static final int DEEPEST = 2;

  /** Of all volumes together: a volume may hold anything, and may be slow. */
  private static final int MOST_ENTRIES = 2000;

  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final Path root;
  private final Map<String, String> environment;

  /**
   * @param root of the file system, {@code /} outside tests
   * @param environment of this process
   */
  public PodInspector(Path root, Map<String, String> environment) {
    this.root = root;
    this.environment = environment;
  }

  /** Looks. Nothing here fails: what cannot be read is absent. */
  public PodEnvironment look() {
    PodEnvironment seen = glance();
    return new PodEnvironment(
        seen.inPod(),
        seen.namespace(),
        seen.hostname(),
        seen.mounts(),
        seen.sandbox(),
        seen.selinux(),
        seen.uid(),
        seen.inPod() ? sockets(seen.mounts().orElse(List.of())) : List.of());
  }

  /** Looks, but not into the volumes. */
  public PodEnvironment glance() {
    Optional<List<Mount>> mounts = read("proc/self/mountinfo").map(Mount::parse);
    return new PodEnvironment(
        inPod(mounts.orElse(List.of())),
        read("var/run/secrets/kubernetes.io/serviceaccount/namespace").map(String::strip),
        Optional.ofNullable(environment.get("HOSTNAME"))
            .or(() -> read("etc/hostname").map(String::strip))
            .orElse(""),
        mounts,
        sandbox(mounts.orElse(List.of())),
        read("proc/self/attr/current")
            .map(context -> context.replace("\0", "").strip())
            .filter(context -> context.contains(":")),
        uid(),
        List.of());
  }

  /**
   * Whether a kubelet started this container: it announces the API server to every container, and
   * mounts its own {@code /etc/hosts} and termination log.
   */
  private boolean inPod(List<Mount> mounts) {
    return environment.containsKey("KUBERNETES_SERVICE_HOST")
        || mounts.stream()
            .anyMatch(
                mount ->
                    mount.point().equals(Path.of("/dev/termination-log"))
                        || (mount.point().equals(Path.of("/etc/hosts"))
                            && mount.root().contains("/pods/")));
  }

  private Optional<Sandbox> sandbox(List<Mount> mounts) {
    boolean kata =
        mounts.stream()
            .anyMatch(
                m ->
                    m.source().equals("kataShared") || (m.isRoot() && m.type().equals("virtiofs")));
    if (kata) {
      return Optional.of(Sandbox.KATA);
    }
    // gVisor's kernel tells this fixed build date, whatever the node runs.
    boolean gvisor =
        read("proc/version").filter(v -> v.contains("Sun Jan 10 15:06:54 PST 2016")).isPresent();
    return gvisor ? Optional.of(Sandbox.GVISOR) : Optional.empty();
  }

  private Optional<Integer> uid() {
    int uid = PodFiles.step(root.resolve("proc/self")).uid();
    return uid < 0 ? Optional.empty() : Optional.of(uid);
  }

  private List<Path> sockets(List<Mount> mounts) {
    Search search = new Search();
    mounts.stream()
        .filter(mount -> !mount.isPlumbing())
        .map(Mount::point)
        .distinct()
        .forEach(point -> search.into(root.resolve(strip(point)), 0));
    return List.copyOf(search.found);
  }

  /** A search for sockets with an end. */
  private static final class Search {
    private final List<Path> found = new ArrayList<>();
    private final long startedNanos = System.nanoTime();
    private int entries;

    private void into(Path place, int depth) {
      FileKind kind = PodFiles.step(place).kind();
      if (kind == FileKind.SOCKET && !found.contains(place)) {
        found.add(place);
      } else if (kind == FileKind.DIRECTORY && depth <= DEEPEST) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(place)) {
          for (Path entry : all) {
            if (++entries > MOST_ENTRIES || System.nanoTime() - startedNanos > LONGEST.toNanos()) {
              return;
            }
            into(entry, depth + 1);
          }
        } catch (IOException | DirectoryIteratorException e) {
          // A directory that cannot be listed has no socket that we could use.
        }
      }
    }
  }

  private static String strip(Path absolute) {
    return absolute.toString().substring(1);
  }

  private Optional<String> read(String path) {
    try {
      return Optional.of(Files.readString(root.resolve(path)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
