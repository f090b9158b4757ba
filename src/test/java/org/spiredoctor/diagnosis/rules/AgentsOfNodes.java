package org.spiredoctor.diagnosis.rules;

import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch.Kind;
import org.spiredoctor.identity.Selector;

/** Agents that tell their node, or do not. */
final class AgentsOfNodes {
  static final String SERVER = "spiffe://example.org/spire/server";
  static final String IN = "spiffe://example.org/spire/agent/";
  static final Instant VALID = NOW.plusSeconds(3600);

  private AgentsOfNodes() {}

  static Agent agent(String type, String rest, Instant end, String... facts) {
    Set<Selector> selectors =
        Stream.of(facts).map(fact -> new Selector(type, fact)).collect(Collectors.toSet());
    return new Agent(
        IN + type + "/" + rest, type, selectors, false, true, Optional.of(end), Optional.empty());
  }

  static Entry web(String parent) {
    return entry("web", WEB, parent, "k8s:ns:apps", "k8s:sa:default", "k8s:pod-label:app:web");
  }

  static PodEntryMatch entryMatch(ClusterScene scene) {
    return new ClusterCase(scene.evidence()).entryMatches().seen().orElseThrow().getFirst();
  }

  static Kind kind(ClusterScene scene) {
    return entryMatch(scene).entryMatch().kind();
  }

  /** As SPIRE's agent says it, when it has attested and when it starts with what it kept. */
  static String says(String message, Agent agent) {
    return "time=\"2026-01-01T10:00:00Z\" level=info msg=\"%s\" spiffe_id=\"%s\" subsystem_name=attestor\n"
        .formatted(message, agent.id());
  }
}
