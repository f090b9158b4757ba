package org.spiredoctor.evidence.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.spiredoctor.kube.Service;

/** Which server agents talk to: by the address that they are given, where there are several. */
final class AgentServerPairing {
  private final List<Component> servers;
  private final List<Service> services;

  /**
   * @param services of the cluster; none when they were not seen
   */
  AgentServerPairing(List<Component> servers, List<Service> services) {
    this.servers = servers;
    this.services = services;
  }

  /** The servers of these agents; none when that cannot be told. */
  List<Component> of(Component agents) {
    List<Component> addressed = addressed(agents);
    return addressed.isEmpty() ? likely(agents).stream().toList() : addressed;
  }

  private List<Component> addressed(Component agents) {
    return agents
        .serverAddress()
        .map(address -> behind(address, agents.namespace()))
        .orElse(List.of());
  }

  /**
   * The namespaces in which these agents look for their server, whether there is one or not. A name
   * of two labels may be of the world outside, unless a Service has it.
   */
  Set<String> namespaces(Component agents) {
    Set<String> namespaces = new TreeSet<>();
    List<String> labels = labels(agents);
    if (labels.size() == 2
        && !services.isEmpty()
        && service(labels.get(0), labels.get(1)).isEmpty()) {
      return namespaces;
    }
    addressed(agents).forEach(server -> namespaces.add(server.namespace()));
    if (labels.size() == 2 || (labels.size() > 2 && labels.get(2).equals("svc"))) {
      namespaces.add(labels.get(1));
    }
    if (labels.size() > 3 && labels.get(3).equals("svc")) {
      namespaces.add(labels.get(2));
    }
    return namespaces;
  }

  private Optional<Service> service(String name, String namespace) {
    return services.stream()
        .filter(s -> s.meta().name().equals(name) && s.meta().namespace().equals(namespace))
        .findFirst();
  }

  private static List<String> labels(Component agents) {
    return List.of(agents.serverAddress().orElse("").split("\\."));
  }

  /** Whether the address is an IP, or a name that need not be one of this cluster. */
  static boolean looksOutside(Component agents) {
    String address = agents.serverAddress().orElse("");
    return address.contains(":")
        || (labels(agents).size() > 2
            && !labels(agents).subList(2, labels(agents).size()).contains("svc"));
  }

  /** An address is the name of a service, alone or with its namespace, or one of its addresses. */
  private List<Component> behind(String address, String namespace) {
    List<String> labels = List.of(address.split("\\."));
    List<Component> found = new ArrayList<>();
    if (labels.size() > 2) {
      // POD.SERVICE.NAMESPACE, as a stateful set gives each of its pods.
      found.addAll(named(labels.get(1), labels.get(2)));
    }
    if (found.isEmpty() && !labels.isEmpty()) {
      found.addAll(named(labels.getFirst(), labels.size() > 1 ? labels.get(1) : namespace));
    }
    if (found.isEmpty()) {
      services.stream()
          .filter(service -> service.clusterIp().equals(address))
          .findFirst()
          .ifPresent(service -> found.addAll(selected(service)));
    }
    return found;
  }

  private List<Component> named(String service, String namespace) {
    List<Component> selected =
        service(service, namespace)
            .map(s -> s.externalName().isEmpty() ? selected(s) : standsFor(s))
            .orElse(List.of());
    // The charts call the service as what makes the server's pods.
    return selected.isEmpty()
        ? servers.stream()
            .filter(server -> server.namespace().equals(namespace))
            .filter(
                server -> server.owner().filter(o -> o.meta().name().equals(service)).isPresent())
            .toList()
        : selected;
  }

  /** What another name stands for; of a name for a name for a name nothing is made. */
  private List<Component> standsFor(Service alias) {
    List<String> labels = List.of(alias.externalName().split("\\."));
    return labels.size() < 2
        ? List.of()
        : service(labels.getFirst(), labels.get(1)).map(this::selected).orElse(List.of());
  }

  private List<Component> selected(Service service) {
    return servers.stream()
        .filter(server -> server.namespace().equals(service.meta().namespace()))
        .filter(server -> server.specimen().filter(service::selects).isPresent())
        .toList();
  }

  /** The only one that it can be, by trust domain or else by namespace. */
  private Optional<Component> likely(Component agents) {
    Predicate<Component> sameDomain =
        server ->
            agents.trustDomain().isPresent()
                && server.trustDomain().equals(agents.trustDomain())
                && (isNear(server, agents) || !isInside(agents));
    Predicate<Component> near =
        server ->
            server.namespace().equals(agents.namespace())
                && (server.trustDomain().isEmpty() || agents.trustDomain().isEmpty());
    // The agents of a server that is below another are that other's.
    if (servers.stream().anyMatch(server -> isAbove(agents, server))) {
      return Optional.empty();
    }
    return only(sameDomain)
        .or(() -> only(sameDomain.and(s -> isNear(s, agents))))
        .or(() -> only(near))
        // One of the two has a wrong trust domain.
        .or(() -> looksOutside(agents) ? Optional.empty() : only(s -> isNear(s, agents)));
  }

  /** Whether the agents' server is the upstream authority of a server (nested SPIRE). */
  private static boolean isAbove(Component agents, Component server) {
    return server
        .config()
        .value("plugins", "UpstreamAuthority", "spire", "plugin_data", "server_address")
        .filter(agents.serverAddress().stream().toList()::contains)
        .isPresent();
  }

  /**
   * Whether the address is the name of a Service of this cluster, whether it exists or not, so of a
   * server that is none of these. One without a selector may lead anywhere.
   */
  private boolean isInside(Component agents) {
    List<String> labels = labels(agents);
    if (labels.isEmpty()) {
      return false;
    }
    Optional<Service> service =
        service(labels.getFirst(), labels.size() > 1 ? labels.get(1) : agents.namespace());
    boolean named =
        labels.size() == 1
            ? agents.serverAddress().isPresent() && !looksOutside(agents)
            : labels.size() > 2 && labels.get(2).equals("svc");
    return service.map(s -> !s.selector().isEmpty()).orElse(named && !services.isEmpty());
  }

  private static boolean isNear(Component server, Component agents) {
    return server.namespace().equals(agents.namespace());
  }

  private Optional<Component> only(Predicate<Component> which) {
    List<Component> found = servers.stream().filter(which).toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }
}
