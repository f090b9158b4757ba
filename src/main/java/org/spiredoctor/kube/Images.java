package org.spiredoctor.kube;

import java.util.Set;
import java.util.stream.Stream;

/**
 * Which of SPIRE's programs an image holds. Registries, paths and tags differ from mirror to
 * mirror; the last part of the name stays, but for what distributions put around it.
 */
public final class Images {
  private static final Set<String> VARIANTS =
      Set.of(
          "alpine",
          "amd64",
          "arm64",
          "debug",
          "distroless",
          "fips",
          "linux",
          "rhel8",
          "rhel9",
          "rhel10",
          "scratch",
          "ubi8",
          "ubi9",
          "windows");

  private Images() {}

  /**
   * Whether it holds a program.
   *
   * @param image such as {@code ghcr.io/spiffe/spire-agent:1.15.3}
   * @param program such as {@code spire-agent}; an image that goes on with another word, such as
   *     {@code spire-agent-client}, holds something else
   */
  public static boolean hold(String image, String program) {
    String name = name(image);
    int at = name.lastIndexOf(program);
    if (at < 0 || (at > 0 && "-_".indexOf(name.charAt(at - 1)) < 0)) {
      return false;
    }
    String behind = name.substring(at + program.length());
    return Stream.of(behind.split("[-_]", -1)).skip(1).allMatch(VARIANTS::contains)
        && (behind.isEmpty() || "-_".indexOf(behind.charAt(0)) >= 0);
  }

  /** The last part of an image's name, without tag and digest. */
  public static String name(String image) {
    String last = image.substring(image.lastIndexOf('/') + 1);
    int digest = last.indexOf('@');
    String tagged = digest < 0 ? last : last.substring(0, digest);
    int tag = tagged.indexOf(':');
    return tag < 0 ? tagged : tagged.substring(0, tag);
  }
}
