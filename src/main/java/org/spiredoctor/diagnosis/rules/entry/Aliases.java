package org.spiredoctor.diagnosis.rules.entry;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Selector;

/** Node aliases: how all agents of a cluster are meant at once. */
final class Aliases {
  private static final Set<String> COMMON =
      Set.of("k8s_psat:cluster", "k8s_psat:agent_ns", "k8s_psat:agent_sa");

  private Aliases() {}

  /** The selectors that an agent shares with the others of its cluster; empty when not known. */
  static Set<Selector> selectors(InstallationCase home, Optional<Agent> agent) {
    Set<Selector> common =
        agent.map(Agent::selectors).orElse(Set.of()).stream()
            .filter(selector -> COMMON.contains(selector.subject()))
            .collect(Collectors.toSet());
    if (!common.isEmpty()) {
      return common;
    }
    Set<Selector> configured = home.aliasSelectors();
    return configured.isEmpty()
        ? agent.map(a -> Set.of(new Selector("spiffe_id", a.id()))).orElse(Set.of())
        : configured;
  }
}
