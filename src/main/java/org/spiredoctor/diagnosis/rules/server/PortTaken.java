package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Pod;

/** A server or agent cannot listen, because its port is taken. */
@AutoService(Rule.class)
public final class PortTaken implements Rule {
  private static final Pattern LISTEN =
      Pattern.compile("listen tcp\\S{0,20} \\S{0,300}?:(\\d{1,5}): bind");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    List<Outcome> found = new ArrayList<>();
    Stream.concat(cluster.evidence().servers().stream(), cluster.evidence().agents().stream())
        .forEach(
            component ->
                component.pods().stream()
                    .filter(pod -> !pod.ready())
                    .flatMap(
                        pod ->
                            cluster
                                .evidence()
                                .log(pod, component.container())
                                .last("address already in use")
                                .map(line -> finding(cluster, component, pod, line))
                                .stream())
                    .findFirst()
                    .ifPresent(found::add));
    return Outcome.orPassed(found);
  }

  /** Of an agent its node is concerned; of a server all. */
  private static Scope scope(ClusterCase cluster, Component component, Pod pod) {
    return component.role() == Component.Role.SERVER
        ? cluster.scope(component)
        : cluster.scope(cluster.home(component), Set.of(pod.node()));
  }

  private Outcome finding(ClusterCase cluster, Component component, Pod pod, Log.Line line) {
    Matcher matcher = LISTEN.matcher(line.text());
    String port = matcher.find() ? matcher.group(1) : "";
    Matcher settings =
        Pattern.compile("\\b(\\w*port)\"?\\s*[=:]\\s*\"?" + port + "\\b")
            .matcher(component.config().text());
    long own = port.isEmpty() ? 0 : settings.results().count();
    Finding.Builder finding =
        Finding.error(this, Subject.of(pod), scope(cluster, component, pod)).said(pod, line);
    if (own > 1) {
      finding.seen(
          "configuration of " + component.inWords(), own + " of its settings say port " + port);
    } else if (pod.hostNetwork()) {
      finding.seen("pod " + pod.inWords(), "hostNetwork: its ports are the node's");
    }
    finding.remedy(
        new Remedy.Advice(
            own > 1
                ? "Give each listener of its configuration a port of its own, such as 8081 for"
                    + " bind_port of the server and 8080 for that of health_checks"
                : "Find on "
                    + pod.node()
                    + " what listens at port "
                    + port
                    + " (ss -ltnp), and end it or give one of both another port"));
    ConfigEdit.of(cluster.evidence(), component)
        .ifPresent(
            edit ->
                finding.remedy(
                    new Remedy.Command(
                        "Change it",
                        Kubectl.editConfigMap(component.namespace(), edit.configMap()))));
    Kubectl.anew(component)
        .ifPresent(anew -> finding.remedy(new Remedy.Command("Then restart it", anew)));
    return finding.found(
        "The SPIRE "
            + (component.role() == Component.Role.SERVER ? "server " : "agent ")
            + pod.inWords()
            + " cannot listen at port "
            + port
            + (own > 1 ? ": its configuration uses the port twice" : ": something else does"));
  }

  /** An agent without its port keeps no server from its own. */
  @Override
  public Set<Effect> effects(Finding found) {
    return found.scope().nodes().isEmpty()
        ? effects()
        : Set.of(Effect.AGENT_ABSENT, Effect.AGENT_NOT_READY);
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(
        Effect.SERVER_DOWN,
        Effect.SERVICE_WITHOUT_SERVER,
        Effect.AGENT_ABSENT,
        Effect.AGENT_NOT_READY);
  }
}
