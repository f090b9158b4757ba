package org.spiredoctor.diagnosis.rules.server;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** A release of SPIRE. */
record Release(int major, int minor, int patch) implements Comparable<Release> {
  private static final Pattern VERSION =
      Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})\\b.*");

  @Override
  public int compareTo(Release other) {
    return Comparator.comparingInt(Release::major)
        .thenComparingInt(Release::minor)
        .thenComparingInt(Release::patch)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }

  /** Of a version's text. */
  static Optional<Release> parse(String text) {
    Matcher matcher = VERSION.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new Release(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3))))
        : Optional.empty();
  }

  /** Of the program in a pod, by its image's tag; by digest alone it cannot be told. */
  static Optional<Release> of(Component component, Pod pod) {
    // Not the image in its status: the node may name it by another tag of the same digest.
    return component
        .role()
        .container(pod)
        // What was never got runs nowhere.
        .filter(c -> c.status().filter(s -> s.imageId().isEmpty()).isEmpty())
        .map(Container::image)
        .flatMap(Release::tag)
        .flatMap(Release::parse);
  }

  private static Optional<String> tag(String image) {
    String named = image.contains("@") ? image.substring(0, image.indexOf('@')) : image;
    int colon = named.lastIndexOf(':');
    return colon > named.lastIndexOf('/')
        ? Optional.of(named.substring(colon + 1))
        : Optional.empty();
  }
}
