package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;

/** Agents are newer than their server, or more than one minor version older. */
@AutoService(Rule.class)
public final class SpireVersionSkew implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return cluster.installations().stream()
        .flatMap(one -> examine(cluster.scope(one), one).stream())
        .toList();
  }

  private List<Outcome> examine(Scope scope, InstallationCase one) {
    NavigableMap<Release, Component> servers = Releases.servers(one);
    Map<Release, Component> agents = Releases.agents(one);
    if (servers.isEmpty() || agents.isEmpty()) {
      return List.of(new Outcome.NotApplicable("no image's tag tells the version"));
    }
    List<Outcome> outcomes = new ArrayList<>();
    agents.forEach(
        (agent, component) -> {
          Release oldest = servers.firstKey();
          Release newest = servers.lastKey();
          if (agent.compareTo(oldest) > 0) {
            outcomes.add(newer(scope, component, agent, servers.firstEntry().getValue(), oldest));
          } else if (agent.major() != newest.major() || agent.minor() < newest.minor() - 1) {
            outcomes.add(older(scope, component, agent, newest));
          }
        });
    return Outcome.orPassed(outcomes);
  }

  private Outcome newer(
      Scope scope, Component agents, Release agent, Component servers, Release server) {
    Finding.Builder finding = begin(scope, agents, agent, server);
    Releases.change(servers, agent, "Bring the server to the agents' version; servers come first")
        .forEach(finding::remedy);
    return finding.found("The agents (" + agent + ") are newer than the server (" + server + ")");
  }

  private Outcome older(Scope scope, Component agents, Release agent, Release server) {
    Finding.Builder finding = begin(scope, agents, agent, server);
    Releases.change(agents, server, "Bring the agents to the server's version")
        .forEach(finding::remedy);
    return finding.found(
        "The agents ("
            + agent
            + ") are more than one minor version older than the server ("
            + server
            + ")");
  }

  private Finding.Builder begin(Scope scope, Component agents, Release agent, Release server) {
    return Finding.warning(this, Subject.of(agents), scope)
        // Most skews do no harm; SPIRE does not support them.
        .confidence(Confidence.POSSIBLE)
        .seen("agents", "SPIRE " + agent)
        .seen("server", "SPIRE " + server);
  }
}
