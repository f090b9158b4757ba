package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.ServerDoor;
import org.spiredoctor.diagnosis.ServerDoor.Fault;
import org.spiredoctor.diagnosis.Shell;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.kube.Service;

/** The Service by which agents reach the server is missing, or leads elsewhere. */
@AutoService(Rule.class)
public final class ServerServiceBroken implements Rule {
  private static final Set<Fault> OURS =
      Set.of(Fault.SERVICE_MISSING, Fault.SELECTS_NONE, Fault.SERVICE_PORT, Fault.TARGET_PORT);

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    List<Outcome> found =
        ServerDoor.faults(cluster).stream()
            .filter(door -> OURS.contains(door.fault()))
            .map(door -> finding(cluster, door))
            .toList();
    return found.isEmpty() ? List.of(new Outcome.Passed()) : found;
  }

  private Outcome finding(ClusterCase cluster, ServerDoor door) {
    String namespace = namespace(door);
    boolean elsewhere = !namespace.equals(door.server().namespace());
    String name = door.service().map(s -> s.meta().name()).orElse(door.host().split("\\.", 2)[0]);
    String service = "Service " + namespace + "/" + name;
    int listens = ServerDoor.listens(door.server());
    Finding.Builder finding =
        Finding.error(
                this,
                new Subject("Service", Optional.of(namespace), name),
                cluster.scope(door.agents()))
            .seen(
                "configuration of the agents",
                "server_address "
                    + door.host()
                    + door.port().map(p -> ", server_port " + p).orElse(""));
    String ports = door.service().map(ServerServiceBroken::ports).orElse("");
    String selector = words(door.service().map(Service::selector).orElse(Map.of()));
    String labels = words(ServerDoor.labels(door.server()));
    return switch (door.fault()) {
      case SERVICE_MISSING, NAME_WRONG, AGENTS_PORT ->
          finding
              .seen("Kubernetes", "no " + service)
              .remedy(
                  elsewhere
                      ? inItsNamespace(door)
                      : new Remedy.Command(
                          "Create it",
                          Kubectl.command(
                                  "create",
                                  "service",
                                  "clusterip",
                                  "-n",
                                  namespace,
                                  name,
                                  "--tcp=" + door.port().orElse(listens) + ":" + listens,
                                  "--dry-run=client",
                                  "-o",
                                  "yaml")
                              + " | kubectl set selector --local -f - "
                              + Shell.quote(labels)
                              + " -o yaml | kubectl apply -f -"))
              .found("There is no " + service + ", by which the agents reach the SPIRE server");
      case SELECTS_NONE ->
          finding
              .seen("selector of " + service, selector)
              .seen("labels of the server's pods", labels)
              .remedy(
                  elsewhere
                      ? inItsNamespace(door)
                      : new Remedy.Command(
                          "Let it select the server's pods",
                          Kubectl.command("set", "selector", "-n", namespace, "service", name)
                              + " "
                              + Shell.quote(labels)))
              .found(
                  "The "
                      + service
                      + " selects no pod of the SPIRE server, so that no agent reaches it");
      case SERVICE_PORT ->
          finding
              .seen("ports of " + service, ports)
              .seen("configuration of the server", "bind_port " + listens)
              .remedy(
                  new Remedy.Command(
                      "Give it the port at which the agents ask",
                      patch(namespace, name, index(door), "port", door.port().orElse(listens))))
              .found(
                  "The "
                      + service
                      + " has no port "
                      + door.port().orElse(listens)
                      + ", at which the agents look for the SPIRE server");
      case TARGET_PORT ->
          finding
              .seen("ports of " + service, ports)
              .seen("configuration of the server", "bind_port " + listens)
              .remedy(
                  new Remedy.Command(
                      "Let it lead to the port at which the server listens",
                      patch(namespace, name, index(door), "targetPort", listens)))
              .found(
                  "The " + service + " leads to a port at which the SPIRE server does not listen");
    };
  }

  /** Of the Service that the agents look for, whether it exists or not. */
  private static String namespace(ServerDoor door) {
    String[] labels = door.host().split("\\.", 3);
    return door.service()
        .map(s -> s.meta().namespace())
        .orElse(labels.length > 1 ? labels[1] : door.agents().namespace());
  }

  private static Remedy inItsNamespace(ServerDoor door) {
    return new Remedy.Advice(
        "Set server_address of the agents to a Service in the server's namespace "
            + door.server().namespace()
            + ": a Service selects pods of its own namespace only");
  }

  private static String words(Map<String, String> labels) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(","));
  }

  private static String ports(Service service) {
    return service.ports().stream()
        .map(port -> port.number() + " to " + port.target())
        .collect(Collectors.joining(", "));
  }

  /**
   * Which port is meant: the agents' own, else the one that leads to the server, else the first.
   */
  private static int index(ServerDoor door) {
    List<Service.Port> ports = door.service().map(Service::ports).orElse(List.of());
    int wanted = door.port().orElse(0);
    String listens = String.valueOf(ServerDoor.listens(door.server()));
    return IntStream.range(0, ports.size())
        .filter(i -> ports.get(i).number() == wanted)
        .findFirst()
        .orElseGet(
            () ->
                IntStream.range(0, ports.size())
                    .filter(i -> ports.get(i).target().equals(listens))
                    .findFirst()
                    .orElse(0));
  }

  private static String patch(String namespace, String name, int index, String field, int value) {
    return Kubectl.command("patch", "service", "-n", namespace, name)
        + " --type=json -p "
        + Shell.quote(
            "[{\"op\":\"replace\",\"path\":\"/spec/ports/%d/%s\",\"value\":%d}]"
                .formatted(index, field, value));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.SERVER_OUT_OF_REACH, Effect.AGENT_REFUSED);
  }

  @Override
  public Set<Effect> explainedBy() {
    // The port that a server wanted and did not get is not the Service's fault.
    return Set.of(Effect.SERVICE_WITHOUT_SERVER);
  }
}
