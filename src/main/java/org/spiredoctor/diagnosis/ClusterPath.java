package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.Link.State;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.kube.Pod;

/** The path from the cluster to the pods' identities, link by link, as it was seen. */
final class ClusterPath {
  private ClusterPath() {}

  static List<Link> of(ClusterCase cluster) {
    ClusterEvidence evidence = cluster.evidence();
    List<Link> links = new ArrayList<>();
    links.add(
        switch (evidence.snapshot().cluster()) {
          case Observed.Seen<String>(String server) -> new Link("cluster", State.HOLDS, server);
          case Observed.Unseen<String> unseen ->
              new Link("cluster", State.BROKEN, unseen.asked() + ": " + unseen.why());
        });
    links.add(components("server", evidence.servers(), evidence));
    links.add(components("agents", evidence.agents(), evidence));
    links.add(attested(cluster));
    links.add(entries(evidence));
    links.add(pods(cluster));
    return List.copyOf(links);
  }

  private static Link components(String name, List<Component> found, ClusterEvidence evidence) {
    List<Pod> pods = found.stream().flatMap(c -> c.pods().stream()).toList();
    if (pods.isEmpty()) {
      boolean seen = evidence.pods().seen().isPresent();
      return new Link(name, seen ? State.BROKEN : State.UNSEEN, seen ? "none runs" : "not seen");
    }
    long ready = pods.stream().filter(Pod::ready).count();
    String what = found.getFirst().inWords() + (found.size() > 1 ? " and others" : "");
    return new Link(
        name,
        ready == pods.size() ? State.HOLDS : State.BROKEN,
        what + ", " + ready + " of " + pods.size() + " ready");
  }

  private static Link attested(ClusterCase cluster) {
    Observed<List<Agent>> attested = cluster.evidence().attested();
    List<Agent> agents = attested.seen().orElse(null);
    if (agents == null) {
      return new Link("attested", State.UNSEEN, attested.missing().orElse("not seen"));
    }
    List<Pod> pods = cluster.agentPods().toList();
    long known =
        pods.stream()
            .filter(p -> cluster.attestedOn(p.node()).stream().anyMatch(a -> !a.banned()))
            .count();
    return new Link(
        "attested",
        known == pods.size() && known > 0 ? State.HOLDS : State.BROKEN,
        known + " of " + pods.size() + " running agents");
  }

  private static Link entries(ClusterEvidence evidence) {
    return evidence
        .entries()
        .seen()
        .map(all -> new Link("entries", State.HOLDS, String.valueOf(all.size())))
        .orElseGet(
            () -> new Link("entries", State.UNSEEN, evidence.entries().missing().orElse("")));
  }

  private static Link pods(ClusterCase cluster) {
    List<PodStanding> standings = cluster.standings().seen().orElse(null);
    if (standings == null) {
      return new Link("pods", State.UNSEEN, "their entries were not seen");
    }
    if (standings.isEmpty()) {
      return new Link("pods", State.HOLDS, "none uses the socket of an agent");
    }
    long served = standings.stream().filter(s -> s.standing().served()).count();
    if (standings.size() == 1) {
      PodStanding only = standings.getFirst();
      return new Link(
          "pod",
          only.standing().served() ? State.HOLDS : State.BROKEN,
          only.pod().inWords()
              + Optional.of(only.standing())
                  .filter(s -> s.served())
                  .map(s -> " is " + s.entry().spiffeId())
                  .orElse(" has no entry that is served to it"));
    }
    return new Link(
        "pods",
        served == standings.size() ? State.HOLDS : State.BROKEN,
        served + " of " + standings.size() + " have an entry that is served to them");
  }
}
