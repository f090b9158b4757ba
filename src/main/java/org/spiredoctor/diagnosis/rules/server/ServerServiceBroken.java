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
import org.spiredoctor.diagnosis.ServerServiceFault;
import org.spiredoctor.diagnosis.ServerServiceFault.Fault;
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
    return Outcome.orPassed(
        ServerServiceFault.faults(cluster).stream()
            .filter(serviceFault -> OURS.contains(serviceFault.fault()))
            .map(serviceFault -> finding(cluster, serviceFault))
            .toList());
  }

  private Outcome finding(ClusterCase cluster, ServerServiceFault serviceFault) {
    String namespace = namespace(serviceFault);
    boolean elsewhere = !namespace.equals(serviceFault.server().namespace());
    String name =
        serviceFault
            .service()
            .map(s -> s.meta().name())
            .orElse(serviceFault.host().split("\\.", 2)[0]);
    String service = "Service " + namespace + "/" + name;
    int listens = ServerServiceFault.listens(serviceFault.server());
    Finding.Builder finding =
        Finding.error(
                this,
                new Subject("Service", Optional.of(namespace), name),
                cluster.scope(serviceFault.agents()))
            .seen(
                "configuration of the agents",
                "server_address "
                    + serviceFault.host()
                    + serviceFault.port().map(p -> ", server_port " + p).orElse(""));
    String ports = serviceFault.service().map(ServerServiceBroken::ports).orElse("");
    String selector = words(serviceFault.service().map(Service::selector).orElse(Map.of()));
    String labels = words(ServerServiceFault.labels(serviceFault.server()));
    return switch (serviceFault.fault()) {
      case SERVICE_MISSING, NAME_WRONG, AGENTS_PORT ->
          finding
              .seen("Kubernetes", "no " + service)
              .remedy(
                  elsewhere
                      ? inItsNamespace(serviceFault)
                      : new Remedy.Command(
                          "Create it",
                          Kubectl.apply(
                              Kubectl.line(
                                      "create service clusterip -n",
                                      namespace,
                                      name,
                                      "--tcp="
                                          + serviceFault.port().orElse(listens)
                                          + ":"
                                          + listens,
                                      "--dry-run=client",
                                      "-o",
                                      "yaml")
                                  + " | "
                                  + Kubectl.line(
                                      "set selector --local -f -", labels, "-o", "yaml"))))
              .found("There is no " + service + ", by which the agents reach the SPIRE server");
      case SELECTS_NONE ->
          finding
              .seen("selector of " + service, selector)
              .seen("labels of the server's pods", labels)
              .remedy(
                  elsewhere
                      ? inItsNamespace(serviceFault)
                      : new Remedy.Command(
                          "Let it select the server's pods",
                          Kubectl.line("set selector -n", namespace, "service", name, labels)))
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
                      patch(
                          namespace,
                          name,
                          index(serviceFault),
                          "port",
                          serviceFault.port().orElse(listens))))
              .found(
                  "The "
                      + service
                      + " has no port "
                      + serviceFault.port().orElse(listens)
                      + ", at which the agents look for the SPIRE server");
      case TARGET_PORT ->
          finding
              .seen("ports of " + service, ports)
              .seen("configuration of the server", "bind_port " + listens)
              .remedy(
                  new Remedy.Command(
                      "Let it lead to the port at which the server listens",
                      patch(namespace, name, index(serviceFault), "targetPort", listens)))
              .found(
                  "The " + service + " leads to a port at which the SPIRE server does not listen");
    };
  }

  /** Of the Service that the agents look for, whether it exists or not. */
  private static String namespace(ServerServiceFault serviceFault) {
    String[] labels = serviceFault.host().split("\\.", 3);
    return serviceFault
        .service()
        .map(s -> s.meta().namespace())
        .orElse(labels.length > 1 ? labels[1] : serviceFault.agents().namespace());
  }

  private static Remedy inItsNamespace(ServerServiceFault serviceFault) {
    return new Remedy.Advice(
        "Set server_address of the agents to a Service in the server's namespace "
            + serviceFault.server().namespace()
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
  private static int index(ServerServiceFault serviceFault) {
    List<Service.Port> ports = serviceFault.service().map(Service::ports).orElse(List.of());
    int wanted = serviceFault.port().orElse(0);
    String listens = String.valueOf(ServerServiceFault.listens(serviceFault.server()));
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
