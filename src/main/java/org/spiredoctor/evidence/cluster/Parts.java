package org.spiredoctor.evidence.cluster;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What runs SPIRE's programs: servers and agents, each with what corroborates it.
 *
 * @param all of them
 * @param aside those that are left aside: what is not corroborated where something else is; and
 *     what has no pods and wants none where something else of the same role runs
 */
record Parts(List<Component> all, List<Component> aside) {

  /**
   * Chooses them.
   *
   * @param reasons why each corroborated namespace is
   * @param named whether the user names the namespace, so that nothing else is SPIRE
   */
  static Parts of(
      List<Component> servers,
      List<Component> agents,
      AgentServerPairing pairing,
      Map<String, String> reasons,
      boolean named) {
    List<Component> all =
        Stream.concat(servers.stream(), agents.stream())
            .map(one -> one.corroborated(Optional.ofNullable(reasons.get(one.namespace()))))
            .toList();
    boolean any = named || all.stream().anyMatch(Component::isCorroborated);
    List<Component> known = all.stream().filter(one -> !any || one.isCorroborated()).toList();
    return new Parts(
        all,
        all.stream()
            .filter(
                one -> !known.contains(one) || (one.isIdle() && isReplaced(one, known, pairing)))
            .toList());
  }

  /** Those that are not left aside. */
  List<Component> known() {
    return all.stream().filter(one -> !aside.contains(one)).toList();
  }

  /** Whether another does its work, and no agents that run look for it alone. */
  private static boolean isReplaced(
      Component idle, List<Component> known, AgentServerPairing pairing) {
    boolean awaited =
        idle.role() == Component.Role.SERVER
            && known.stream()
                .filter(one -> one.role() == Component.Role.AGENT && !one.pods().isEmpty())
                .map(pairing::of)
                .anyMatch(its -> its.size() == 1 && isSame(its.getFirst(), idle));
    return !awaited
        && known.stream().anyMatch(one -> one.role() == idle.role() && !one.pods().isEmpty());
  }

  private static boolean isSame(Component one, Component other) {
    return one.namespace().equals(other.namespace()) && one.inWords().equals(other.inWords());
  }
}
