package org.spiredoctor.pod;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A line of {@code /proc/self/mountinfo} (proc_pid_mountinfo(5)).
 *
 * @param point where it is mounted, as this process sees it
 * @param root what of the file system is mounted there: for a hostPath volume the path on its host
 *     file system
 * @param type of the file system
 * @param source as the kernel names it: a device, or {@code kataShared}, {@code tmpfs}, …
 * @param options of this mount, such as {@code ro,relatime}
 */
public record Mount(Path point, String root, String type, String source, String options) {

  /** Reads mountinfo; a line that is not understood is left out. */
  public static List<Mount> parse(String mountinfo) {
    List<Mount> mounts = new ArrayList<>();
    for (String line : mountinfo.lines().toList()) {
      String[] fields = line.split(" ", -1);
      int dash = List.of(fields).indexOf("-");
      if (dash >= 6 && fields.length > dash + 2) {
        mounts.add(
            new Mount(
                AnyPath.of(unescape(fields[4])),
                unescape(fields[3]),
                fields[dash + 1],
                unescape(fields[dash + 2]),
                fields[5]));
      }
    }
    return List.copyOf(mounts);
  }

  /** The mount that a path lies on: the deepest one, and of several on one point the last. */
  public static Optional<Mount> holding(Path path, List<Mount> mounts) {
    return mounts.stream()
        .filter(mount -> path.startsWith(mount.point()))
        .reduce((a, b) -> b.depth() >= a.depth() ? b : a);
  }

  /** Whether this is the root of the file system tree. */
  public boolean isRoot() {
    return depth() == 0;
  }

  /** A kernel interface or a file that every container gets, so never the agent's volume. */
  public boolean isPlumbing() {
    return isRoot()
        || List.of("/proc", "/sys", "/dev", "/etc").stream().anyMatch(point::startsWith)
        || point.startsWith("/var/run/secrets/kubernetes.io")
        || point.startsWith("/run/secrets/kubernetes.io");
  }

  private int depth() {
    return point.getNameCount();
  }

  /** The kernel writes space, tab, newline and backslash as three octal digits. */
  private static String unescape(String field) {
    if (field.indexOf('\\') < 0) {
      return field;
    }
    byte[] in = field.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length];
    int length = 0;
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '\\' && i + 3 < in.length && isOctal(in, i + 1)) {
        out[length++] =
            (byte) ((in[i + 1] - '0') << 6 | (in[i + 2] - '0') << 3 | (in[i + 3] - '0'));
        i += 3;
      } else {
        out[length++] = in[i];
      }
    }
    return new String(out, 0, length, StandardCharsets.UTF_8);
  }

  private static boolean isOctal(byte[] in, int from) {
    for (int i = from; i < from + 3; i++) {
      if (in[i] < '0' || in[i] > '7') {
        return false;
      }
    }
    return true;
  }
}
