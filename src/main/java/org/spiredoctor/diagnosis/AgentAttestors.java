package org.spiredoctor.diagnosis;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.SpireConfig;
import org.spiredoctor.identity.Attestors;

/** Reads out of the configuration of agents which selectors they compute. */
final class AgentAttestors {
  private static final String[] ALL = {"plugins", "WorkloadAttestor"};

  private AgentAttestors() {}

  /**
   * Of agents that are configured in different ways it is not known what computes a selector.
   *
   * @param labelsSeen whether the labels of namespaces were seen
   */
  static Attestors of(Collection<Component> agents, boolean labelsSeen) {
    if (agents.isEmpty() || agents.stream().anyMatch(c -> c.config().keys(ALL).isEmpty())) {
      return Attestors.UNKNOWN;
    }
    return new Attestors(
        Optional.of(plugins(agents)),
        common(agents, config -> isSet(config, "k8s", "disable_container_selectors"))
            .map(disabled -> !disabled),
        common(agents, config -> isSet(config, "k8s", "enable_namespace_labels")),
        labelsSeen,
        common(agents, config -> Optional.of(hasSigstore(config))),
        common(agents, config -> isSet(config, "unix", "discover_workload_path")));
  }

  private static Set<String> plugins(Collection<Component> agents) {
    return agents.stream()
        .flatMap(component -> component.config().keys(ALL).stream())
        .collect(Collectors.toSet());
  }

  private static Optional<Boolean> common(
      Collection<Component> agents, Function<SpireConfig, Optional<Boolean>> setting) {
    List<Optional<Boolean>> all =
        agents.stream().map(Component::config).map(setting).distinct().toList();
    return all.size() == 1 ? all.getFirst() : Optional.empty();
  }

  /** Absent where the environment of the program decides. */
  private static Optional<Boolean> isSet(SpireConfig config, String plugin, String setting) {
    return config.has(path(plugin, setting))
        ? config.value(path(plugin, setting)).map("true"::equals)
        : Optional.of(false);
  }

  /** Up to SPIRE 1.14 the block is experimental. */
  private static boolean hasSigstore(SpireConfig config) {
    return config.has(path("k8s", "sigstore"))
        || config.has(ALL[0], ALL[1], "k8s", "plugin_data", "experimental", "sigstore");
  }

  private static String[] path(String plugin, String setting) {
    return new String[] {ALL[0], ALL[1], plugin, "plugin_data", setting};
  }
}
