package org.spiredoctor.identity;

import java.util.Optional;
import java.util.Set;

/**
 * The workload attestors of agents, and so which selectors they compute. What a configuration does
 * not show is absent.
 *
 * @param plugins the names of the attestors, such as {@code k8s}
 * @param containers whether {@code disable_container_selectors} is not set
 * @param namespaceLabels whether {@code enable_namespace_labels} is set
 * @param labelsSeen whether the labels of namespaces were seen here
 * @param sigstore whether the k8s attestor verifies signatures
 * @param paths whether {@code discover_workload_path} is set
 */
public record Attestors(
    Optional<Set<String>> plugins,
    Optional<Boolean> containers,
    Optional<Boolean> namespaceLabels,
    boolean labelsSeen,
    Optional<Boolean> sigstore,
    Optional<Boolean> paths) {
  /** Those of agents whose configuration was not seen. */
  public static final Attestors UNKNOWN =
      new Attestors(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false,
          Optional.empty(),
          Optional.empty());

  /** Whether it shows from outside if some workload has this selector. */
  public Visibility of(Selector selector) {
    if (never(selector).isPresent()) {
      return Visibility.NEVER;
    }
    return selector.type().equals("k8s") && !isSignature(selector) && !isHiddenLabel(selector)
        ? Visibility.SEEN
        : Visibility.HIDDEN;
  }

  /**
   * The same of one workload that does not have it. The process of a pod that demands a user other
   * than root keeps it; root can take any.
   *
   * @param workload its selectors, as far as they show
   */
  Visibility of(Selector selector, Set<Selector> workload) {
    Visibility usual = of(selector);
    boolean demanded =
        usual == Visibility.HIDDEN
            && selector.type().equals("unix")
            && demands(workload, "uid:")
            && (selector.value().startsWith("uid:")
                || (selector.value().startsWith("gid:") && demands(workload, "gid:")));
    return demanded ? Visibility.SEEN : usual;
  }

  /** A user other than root, or a group. */
  private static boolean demands(Set<Selector> workload, String key) {
    return workload.stream()
        .anyMatch(
            has ->
                has.type().equals("unix")
                    && has.value().startsWith(key)
                    && !has.value().equals("uid:0"));
  }

  private static boolean isSignature(Selector selector) {
    String value = selector.value();
    return value.startsWith("image-signature")
        || value.startsWith("image-attestations")
        || value.startsWith("sigstore");
  }

  private static boolean isLabel(Selector selector) {
    return selector.value().startsWith("ns-label:");
  }

  private boolean isHiddenLabel(Selector selector) {
    return isLabel(selector) && !(namespaceLabels.orElse(false) && labelsSeen);
  }

  /** Whether the agents compute the selectors of a plugin, as far as it shows. */
  boolean has(String plugin) {
    return plugins.map(all -> all.contains(plugin)).orElse(true);
  }

  /** Why the agents never compute a selector; empty when they do, or when it does not show. */
  public Optional<String> never(Selector selector) {
    String value = selector.value();
    if (!has(selector.type())) {
      return Optional.of("the agents have no workload attestor " + selector.type());
    }
    if (selector.type().equals("unix")) {
      return isFile(value) ? off(paths, "discover_workload_path is not set") : Optional.empty();
    }
    if (!selector.type().equals("k8s")) {
      return Optional.empty();
    }
    if (value.startsWith("container-name:") || value.startsWith("container-image:")) {
      return off(containers, "disable_container_selectors is set");
    }
    if (isLabel(selector)) {
      return off(namespaceLabels, "enable_namespace_labels is not set");
    }
    return isSignature(selector)
        ? off(sigstore, "the k8s attestor has no sigstore block")
        : Optional.empty();
  }

  private static boolean isFile(String value) {
    return value.startsWith("path:") || value.startsWith("sha256:");
  }

  private static Optional<String> off(Optional<Boolean> setting, String why) {
    return setting.orElse(true) ? Optional.empty() : Optional.of(why);
  }
}
