package org.spiredoctor.identity;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Selectors of images, and the repository that each asks for. */
final class ImageSelectors {
  static final Set<String> SUBJECTS =
      Set.of("k8s:pod-image", "k8s:pod-init-image", "k8s:container-image");

  private static final Pattern RUNTIME = Pattern.compile("^docker(-pullable)?://");
  private static final Pattern BARE_DIGEST = Pattern.compile("sha\\d+:\\p{XDigit}+");
  private static final Set<String> DOCKER_HUB = Set.of("docker.io", "index.docker.io");

  private ImageSelectors() {}

  /** Whether a selector asks for an image. */
  static boolean includes(Selector selector) {
    return SUBJECTS.contains(selector.subject());
  }

  /** Whether both are images of one repository, with whatever tag or digest. */
  static boolean sameRepository(Selector wanted, Selector has) {
    if (!includes(wanted) && !includes(has)) {
      return false;
    }
    Optional<String> repository = repository(wanted.object());
    return repository.isPresent() && repository.equals(repository(has.object()));
  }

  /** Registry and path, in full; absent where only a digest is named. */
  private static Optional<String> repository(String image) {
    String reference = RUNTIME.matcher(image).replaceFirst("");
    if (BARE_DIGEST.matcher(reference).matches()) {
      return Optional.empty();
    }
    String name = untagged(reference.split("@", 2)[0]);
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    boolean named = first.equals("localhost") || first.contains(".") || first.contains(":");
    if (named && !DOCKER_HUB.contains(first)) {
      return Optional.of(name);
    }
    String path = named ? name.substring(slash + 1) : name;
    return Optional.of("docker.io/" + (path.contains("/") ? path : "library/" + path));
  }

  /** The colon of a registry's port comes before a slash. */
  private static String untagged(String name) {
    int tag = name.indexOf(':', name.lastIndexOf('/') + 1);
    return tag < 0 ? name : name.substring(0, tag);
  }
}
