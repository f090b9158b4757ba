package org.spiredoctor.diagnosis;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Installation;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Service;

/**
 * A fault on the way from agents to their server, where that way is a Service of this cluster.
 *
 * @param host as the agents have it
 * @param service that the host names
 * @param other that leads to the server instead, where there is one
 */
public record ServerServiceFault(
    Component agents,
    Component server,
    String host,
    Optional<Integer> port,
    Fault fault,
    Optional<Service> service,
    Optional<Service> other) {

  /** What keeps agents from their server. */
  public enum Fault {
    /** No Service has the name, and none leads to the server. */
    SERVICE_MISSING,
    /** No Service has the name, but another leads to the server. */
    NAME_WRONG,
    /** The Service selects no pod of the server. */
    SELECTS_NONE,
    /** The Service has not the port at which the agents and the server agree. */
    SERVICE_PORT,
    /** The agents have another port than the Service and the server. */
    AGENTS_PORT,
    /** The Service leads to a port at which the server does not listen. */
    TARGET_PORT
  }

  /** The faults of a cluster; none where services or settings were not seen. */
  public static List<ServerServiceFault> faults(ClusterCase cluster) {
    ClusterEvidence evidence = cluster.evidence();
    List<Service> services =
        evidence.snapshot().objects(Kind.SERVICE).seen().orElse(List.of()).stream()
            .map(Service::of)
            .toList();
    boolean seen = evidence.snapshot().objects(Kind.SERVICE).seen().isPresent();
    List<ServerServiceFault> faults = new ArrayList<>();
    for (Installation one : evidence.installations()) {
      // Of several servers it is not known which is meant.
      if (seen && one.servers().size() == 1) {
        for (Component agents : one.agents()) {
          String host = agents.serverAddress().orElse("");
          ClusterHost.of(host, agents.namespace(), evidence)
              .flatMap(
                  name -> new Way(agents, one.servers().getFirst(), host, name, services).fault())
              .ifPresent(faults::add);
        }
      }
    }
    return List.copyOf(faults);
  }

  /** The labels of a server's pods, without those that are made for each pod or revision. */
  public static Map<String, String> labels(Component server) {
    return server
        .owner()
        .map(owner -> owner.template().meta().labels())
        .or(() -> server.specimen().map(pod -> pod.meta().labels()))
        .orElse(Map.of());
  }

  /** The port at which a server listens for agents. */
  public static int listens(Component server) {
    return server.bindPort();
  }

  private record Way(
      Component agents, Component server, String host, ClusterHost name, List<Service> services) {

    Optional<ServerServiceFault> fault() {
      Service service =
          services.stream()
              .filter(
                  s ->
                      s.meta().name().equals(name.name())
                          && s.meta().namespace().equals(name.namespace()))
              .findFirst()
              .orElse(null);
      if (service == null) {
        Optional<Service> other =
            services.stream()
                .filter(s -> s.meta().namespace().equals(server.namespace()) && leads(s))
                .findFirst();
        return found(
            other.isPresent() ? Fault.NAME_WRONG : Fault.SERVICE_MISSING, Optional.empty(), other);
      }
      if (service.selector().isEmpty()) {
        return Optional.empty();
      }
      if (!selects(service)) {
        return found(Fault.SELECTS_NONE, Optional.of(service), Optional.empty());
      }
      return port(service).flatMap(fault -> found(fault, Optional.of(service), Optional.empty()));
    }

    private Optional<Fault> port(Service service) {
      int wanted = agents.serverPort().orElse(-1);
      int listens = listens(server);
      if (wanted < 0 || server.config().text().isEmpty()) {
        return Optional.empty();
      }
      if (service.headless()) {
        return wanted == listens ? Optional.empty() : Optional.of(Fault.AGENTS_PORT);
      }
      Service.Port its =
          service.ports().stream().filter(p -> p.number() == wanted).findFirst().orElse(null);
      if (its == null) {
        return Optional.of(wanted == listens ? Fault.SERVICE_PORT : Fault.AGENTS_PORT);
      }
      // What a name stands for is in the pods.
      boolean elsewhere =
          number(its.target()) && !new BigInteger(its.target()).equals(BigInteger.valueOf(listens));
      return elsewhere ? Optional.of(Fault.TARGET_PORT) : Optional.empty();
    }

    /** A Service selects pods of its own namespace only. */
    private boolean selects(Service service) {
      return service.meta().namespace().equals(server.namespace())
          && (service.selects(labels(server))
              || server.pods().stream().map(Pod::meta).anyMatch(m -> service.selects(m.labels())));
    }

    private boolean leads(Service service) {
      String port = String.valueOf(listens(server));
      return selects(service)
          && service.ports().stream().anyMatch(p -> p.target().equals(port) || !number(p.target()));
    }

    private static boolean number(String text) {
      return text.matches("[0-9]{1,20}");
    }

    private Optional<ServerServiceFault> found(
        Fault fault, Optional<Service> service, Optional<Service> other) {
      return Optional.of(
          new ServerServiceFault(agents, server, host, agents.serverPort(), fault, service, other));
    }
  }
}
