package org.spiredoctor.evidence.cluster;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/**
 * The usual shape of SPIRE: agents that run on nodes with access to the node, and the server that
 * they address. Anybody can write such manifests, but a namespace with a Pod Security Standard does
 * not let agents run that have access to the node. So it shows what SPIRE is only where nothing
 * else has that shape; of two it does not show which is the real one, however broken one of them
 * is.
 */
final class UsualShape {
  private final List<Component> servers;
  private final List<Component> agents;
  private final AgentServerPairing pairing;

  UsualShape(List<Component> servers, List<Component> agents, AgentServerPairing pairing) {
    this.servers = servers;
    this.agents = agents;
    this.pairing = pairing;
  }

  /** The parts of the only one; none when there are several or none. */
  List<Component> only() {
    List<Component> running = agents.stream().filter(UsualShape::runsOnNodes).toList();
    if (running.isEmpty()) {
      List<Component> live = live();
      return live.size() == 1 ? live : List.of();
    }
    List<Set<Component>> homes = running.stream().map(this::home).distinct().toList();
    if (homes.size() > 1) {
      return List.of();
    }
    // Of several groups of agents that address one server, the server knows which are its.
    return Stream.concat(
            homes.getFirst().stream(), running.size() == 1 ? running.stream() : Stream.empty())
        .toList();
  }

  private Set<Component> home(Component one) {
    Set<Component> its = pairing.of(one).stream().collect(Collectors.toSet());
    List<Component> live = live();
    return its.isEmpty() && live.size() == 1 && !AgentServerPairing.looksOutside(one)
        ? Set.copyOf(live)
        : its;
  }

  private List<Component> live() {
    return servers.stream().filter(server -> !server.pods().isEmpty()).toList();
  }

  /** Whether pods of it are on nodes, and have access to them. */
  static boolean runsOnNodes(Component agents) {
    return agents.pods().stream().anyMatch(pod -> !pod.node().isEmpty() && hasNode(pod));
  }

  private static boolean hasNode(Pod pod) {
    return pod.hostPid()
        || pod.hostNetwork()
        || pod.volumes().stream().anyMatch(Volume.HostPath.class::isInstance);
  }
}
