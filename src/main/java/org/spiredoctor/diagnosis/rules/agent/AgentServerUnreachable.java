package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.ServerServiceFault;
import org.spiredoctor.diagnosis.ServerServiceFault.Fault;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Service;

/** An agent does not reach the server at the address and port that it is given. */
@AutoService(Rule.class)
public final class AgentServerUnreachable implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    List<ServerServiceFault> doors =
        ServerServiceFault.faults(cluster).stream()
            .filter(d -> d.fault() == Fault.NAME_WRONG || d.fault() == Fault.AGENTS_PORT)
            .toList();
    if (!doors.isEmpty()) {
      return doors.stream().map(serviceFault -> misled(cluster, serviceFault)).toList();
    }
    return AgentPods.byLog(
        this,
        cluster,
        AgentServerUnreachable::failsToReach,
        (line, first, finding) -> unreached(cluster, first, line, finding));
  }

  private static boolean failsToReach(Log.Line line) {
    return !line.says("/pods")
        && !line.says("kubelet")
        && (line.says("SPIRE server") || line.says("dial") || line.says("dns:"))
        && Stream.of(
                "no such host",
                "server misbehaving",
                "produced zero addresses",
                "connection refused",
                "i/o timeout",
                "no route to host",
                "network is unreachable")
            .anyMatch(line::says);
  }

  private Outcome misled(ClusterCase cluster, ServerServiceFault serviceFault) {
    boolean port = serviceFault.fault() == Fault.AGENTS_PORT;
    Service right = serviceFault.other().or(serviceFault::service).orElseThrow();
    String wanted = port ? String.valueOf(serviceFault.port().orElse(0)) : serviceFault.host();
    String there =
        port ? String.valueOf(port(serviceFault, right)) : name(serviceFault.agents(), right);
    String setting = port ? "server_port" : "server_address";
    Finding.Builder finding =
        Finding.error(this, Subject.of(serviceFault.agents()), cluster.scope(serviceFault.agents()))
            .seen("configuration of the agents", setting + " " + wanted)
            .seen(
                "Kubernetes",
                port
                    ? "the Service " + right.inWords() + " has the port " + there
                    : "no Service "
                        + serviceFault.host()
                        + "; "
                        + right.inWords()
                        + " leads to the server");
    Optional<String> command =
        ConfigEdit.of(cluster.evidence(), serviceFault.agents())
            .flatMap(edit -> edit.replace(setting, wanted, there));
    command.ifPresent(
        edit ->
            finding.remedy(
                new Remedy.Command(
                    "Give the agents the server's " + (port ? "port" : "name"), edit)));
    AgentPod.all(cluster).stream()
        .filter(agent -> agent.home().equals(cluster.home(serviceFault.agents())))
        .flatMap(
            agent ->
                AgentPods.last(agent.log(), AgentServerUnreachable::failsToReach)
                    .map(
                        line ->
                            new Finding.Quote("log of " + agent.pod().inWords(), line.inShort()))
                    .stream())
        .findFirst()
        .ifPresent(quote -> finding.seen(quote.source(), quote.text()));
    return finding
        .remedy(
            new Remedy.Patch(
                command.isPresent()
                    ? "Or write it in their configuration by hand"
                    : "Give the agents the server's " + (port ? "port" : "name"),
                "agent {\n  " + setting + " = " + Manifests.quoted(there) + "\n}\n"))
        .found(
            port
                ? "The agents look for the SPIRE server at port "
                    + wanted
                    + ", but it is reached at port "
                    + there
                : "The agents look for the SPIRE server at "
                    + wanted
                    + ", but there is no such Service; the server's is "
                    + there);
  }

  private static int port(ServerServiceFault serviceFault, Service service) {
    int listens = ServerServiceFault.listens(serviceFault.server());
    return service.headless()
        ? listens
        : service.ports().stream()
            .filter(p -> p.target().equals(String.valueOf(listens)))
            .findFirst()
            .or(() -> service.ports().stream().findFirst())
            .map(Service.Port::number)
            .orElse(listens);
  }

  private static String name(Component agents, Service service) {
    return service.meta().namespace().equals(agents.namespace())
        ? service.meta().name()
        : service.meta().name() + "." + service.meta().namespace();
  }

  /** Whether no DNS server answers, because none is set. */
  private static boolean asksItself(Log.Line line) {
    return (line.says("on [::1]:53") || line.says("on 127.0.0.1:53"))
        && line.says("connection refused");
  }

  private static Outcome unreached(
      ClusterCase cluster, AgentPod first, Log.Line line, Finding.Builder finding) {
    String host = first.component().serverAddress().orElse("its address");
    String at = host + first.component().serverPort().map(p -> ":" + p).orElse("");
    boolean name =
        asksItself(line)
            || line.says("no such host")
            || line.says("misbehaving")
            || line.says("zero");
    Optional<NodeDns> dns = NodeDns.of(cluster.evidence(), first).filter(_ -> name);
    dns.ifPresent(its -> its.tell(finding));
    finding
        .remedy(
            new Remedy.Advice(
                asksItself(line)
                    ? "Give the agents' pods a DNS server: they ask their own loopback address, as"
                        + " a program does whose /etc/resolv.conf names none. See dnsPolicy and"
                        + " dnsConfig of the pods, and /etc/resolv.conf of the node"
                    : name
                        ? "See that the name "
                            + host
                            + " exists, and that the agents' DNS knows it; for the name of a"
                            + " Service, pods with hostNetwork need dnsPolicy"
                            + " ClusterFirstWithHostNet"
                        : "See that the server listens at "
                            + at
                            + ", and that no network policy, firewall or load balancer lies"
                            + " between"))
        .remedy(
            new Remedy.Command(
                "See what answers there",
                Kubectl.command("get", "services,endpointslices", "-A") + " -o wide"));
    return finding
        .confidence(Confidence.LIKELY)
        .found(
            "The SPIRE agent on "
                + first.pod().node()
                + " does not reach the server at "
                + at
                + (dns.isPresent()
                    ? ": it asks the DNS of its node, which knows no Services"
                    : name ? ": the name leads nowhere" : ""));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_REFUSED);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.SERVER_NOT_READY, Effect.SERVER_OUT_OF_REACH);
  }
}
