package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.diagnosis.Link.State;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Installation;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Candidates;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;

/** The path from the cluster to the pods' identities, link by link, as it was seen. */
final class ClusterPath {
  private ClusterPath() {}

  static List<Link> of(ClusterCase cluster) {
    ClusterEvidence evidence = cluster.evidence();
    List<Link> links = new ArrayList<>();
    links.add(
        switch (evidence.snapshot().cluster()) {
          case Observed.Seen<String>(String server) ->
              new Link("cluster", State.HOLDS, server + part(evidence));
          case Observed.Unseen<String> unseen ->
              new Link(
                  "cluster",
                  unseen.reason() == Observed.Reason.NOT_ASKED ? State.UNSEEN : State.BROKEN,
                  // Without a kubeconfig nothing could be asked.
                  unseen.asked().equals("cluster")
                      ? unseen.why()
                      : unseen.asked() + ": " + unseen.why());
        });
    PodEntryMatch only = only(cluster);
    links.add(
        server(only == null ? evidence.servers() : only.home().installation().servers(), evidence));
    if (only == null) {
      links.add(
          components(
              "agents",
              evidence.agents(),
              evidence,
              pod -> cluster.installations().stream().anyMatch(one -> one.isUp(pod))));
      links.add(attested(cluster));
      links.add(entries(evidence));
      links.add(PodsLink.of(cluster));
    } else {
      Link agent = agentOf(only);
      links.add(agent);
      links.add(ofNow(agent, attestedOn(only)));
      links.add(entryOf(only));
      links.add(identityOf(cluster, only, links));
    }
    return List.copyOf(links);
  }

  /** Whose pods were looked at, where it is not all. */
  private static String part(ClusterEvidence evidence) {
    return evidence
        .snapshot()
        .podNamespaces()
        .map(
            listed ->
                ", pods of "
                    + String.join(", ", new TreeSet<>(listed))
                    + (evidence.query().pods() instanceof ClusterQuery.Pods.Named pod
                            && pod.namespace().filter(ns -> !listed.contains(ns)).isPresent()
                        ? ", and " + pod.namespace().get() + "/" + pod.name()
                        : "")
                    + " only")
        .orElse("");
  }

  /** The pod, where one alone is examined: its path is told link by link. */
  private static @Nullable PodEntryMatch only(ClusterCase cluster) {
    List<PodEntryMatch> entryMatches = cluster.entryMatches().seen().orElse(List.of());
    return cluster.pods().size() == 1
            && entryMatches.size() == 1
            && !entryMatches.getFirst().pod().node().isEmpty()
        ? entryMatches.getFirst()
        : null;
  }

  private static Link agentOf(PodEntryMatch one) {
    Pod pod = one.pod();
    return one.home()
        .agentPodOn(pod.node())
        .map(
            agent -> {
              boolean up = one.home().isUp(agent);
              String how =
                  agent.ready() ? "" : up ? ", serves, not yet reported ready" : ", not ready";
              return new Link(
                  "agent",
                  up ? State.HOLDS : State.BROKEN,
                  agent.inWords() + " on " + pod.node() + how);
            })
        .orElseGet(() -> new Link("agent", State.BROKEN, "none on " + pod.node()));
  }

  private static Link attestedOn(PodEntryMatch one) {
    Observed<List<Agent>> attested = one.home().installation().attested();
    if (attested.seen().isEmpty()) {
      return new Link("attested", State.UNSEEN, attested.missing().orElse("not seen"));
    }
    String node = one.pod().node();
    List<Agent> agents = one.home().attestedOn(node);
    if (agents.isEmpty()) {
      return new Link("attested", State.BROKEN, "the server knows no agent on " + node);
    }
    Candidates candidates = one.home().candidates(node);
    if (!candidates.attested()) {
      // The server keeps an old one beside a new one.
      Agent agent = agents.getFirst();
      return new Link(
          "attested", State.BROKEN, agent.id() + (agent.banned() ? ", banned" : ", expired"));
    }
    return candidates.agents().size() == 1 && !candidates.perhapsNone()
        ? new Link("attested", State.HOLDS, candidates.agents().getFirst().id())
        : new Link(
            "attested",
            candidates.perhapsNone() ? State.UNSEEN : State.HOLDS,
            candidates.agents().size() + " agents that may be the one of " + node);
  }

  /** The server lists an agent also while it cannot reach it, until its SVID expires. */
  private static Link ofNow(Link agent, Link attested) {
    return agent.state() == State.HOLDS || attested.state() != State.HOLDS
        ? attested
        : new Link(
            attested.name(), State.UNSEEN, attested.text() + ", when the server last saw it");
  }

  private static Link entryOf(PodEntryMatch one) {
    String what =
        switch (one.entryMatch().kind()) {
          case SERVED -> "";
          case UNTOLD -> ", if the agent sees what the entry asks for";
          case AGENT_UNKNOWN -> ", under a parent that is not of every agent that may be this one";
          case NOT_ATTESTED -> ", once the agent of the node is attested";
          case EXPIRED -> ", expired";
          case STORED -> ", for a store";
          case PARENT_ALIAS_MISSING, PARENT_UNKNOWN -> ", under a parent that is not this agent's";
          case FOREIGN -> ", of another trust domain";
          case CONTAINER_SCOPED -> ", for another container";
          case IMAGE_COUNT_CHANGED, IMAGE_CHANGED, SELECTOR_MISMATCH -> ", which does not match";
          case MISSING -> "none matches, and none is near";
        };
    State state =
        switch (one.entryMatch().kind()) {
          case SERVED -> State.HOLDS;
          case UNTOLD, AGENT_UNKNOWN, NOT_ATTESTED -> State.UNSEEN;
          default -> State.BROKEN;
        };
    return new Link(
        "entry",
        state,
        one.entryMatch().entries().isEmpty()
            ? what
            : one.entryMatch().entry().id() + ", " + one.entryMatch().entry().spiffeId() + what);
  }

  private static Link identityOf(ClusterCase cluster, PodEntryMatch one, List<Link> before) {
    String pod = one.pod().inWords();
    if (runs(one.pod()) && before.stream().allMatch(link -> link.state() == State.HOLDS)) {
      return new Link(
          "pod",
          State.HOLDS,
          pod
              + " is "
              + one.entryMatch().entry().spiffeId()
              + SocketUser.of(cluster, one.pod())
                  .map(user -> "; " + user.inWords() + " is not seen from outside")
                  .orElse(""));
    }
    boolean broken = before.stream().anyMatch(link -> link.state() == State.BROKEN);
    // As far as the agent goes, it has what another entry gives it.
    String instead =
        before.stream()
                .filter(link -> !link.name().equals("entry"))
                .allMatch(link -> link.state() == State.HOLDS)
            ? cluster.servedInstead(one.pod()).map(its -> " is " + its.spiffeId()).orElse("")
            : "";
    return new Link(
        "pod",
        broken ? State.BROKEN : State.UNSEEN,
        pod + (runs(one.pod()) ? instead : notRunning(one.pod())));
  }

  /** Whether something of it runs that can have asked for its identity. */
  static boolean runs(Pod pod) {
    return pod.phase().equals("Running");
  }

  private static String notRunning(Pod pod) {
    return runs(pod)
        ? ""
        : pod.over()
            ? " has ended (" + pod.phase() + ")"
            : " does not run yet (" + pod.phase() + ")";
  }

  /** The server's pods; of one that was asked over its API whether it answered. */
  private static Link server(List<Component> servers, ClusterEvidence evidence) {
    ServerAnswers asked = askedOverApi(evidence).orElse(null);
    if (asked == null) {
      return components("server", servers, evidence, Pod::ready);
    }
    String who = asked.route().inWords();
    Observed<?> told = asked.agents().seen().isPresent() ? asked.entries() : asked.agents();
    return told instanceof Observed.Unseen<?> unseen
        ? new Link("server", State.UNSEEN, who + ": " + unseen.why())
        : new Link("server", State.HOLDS, who);
  }

  private static Optional<ServerAnswers> askedOverApi(ClusterEvidence evidence) {
    return evidence.answers().filter(said -> said.route().overApi()).findFirst();
  }

  /** Why something that the server would tell was not seen; the server's own link says it once. */
  private static Link untold(String name, Observed<?> observed, ClusterEvidence evidence) {
    return new Link(
        name,
        State.UNSEEN,
        askedOverApi(evidence).isPresent() ? "not seen" : observed.missing().orElse("not seen"));
  }

  private static Link components(
      String name, List<Component> found, ClusterEvidence evidence, Predicate<Pod> isUp) {
    List<Pod> pods = found.stream().flatMap(c -> c.pods().stream()).toList();
    if (pods.isEmpty()) {
      boolean seen = evidence.pods().seen().isPresent();
      return new Link(name, seen ? State.BROKEN : State.UNSEEN, seen ? "none runs" : "not seen");
    }
    long ready = pods.stream().filter(Pod::ready).count();
    long up = pods.stream().filter(isUp).count();
    int wanted = found.stream().mapToInt(ClusterPath::wanted).sum();
    String what = found.getFirst().inWords() + (found.size() > 1 ? " and others" : "");
    return new Link(
        name,
        up == wanted ? State.HOLDS : State.BROKEN,
        what
            + ", "
            + ready
            + " of "
            + wanted
            + " ready"
            + (up > ready ? ", " + (up - ready) + " serve and are not reported ready yet" : ""));
  }

  /** How many pods there should be; more while new ones replace the old. */
  private static int wanted(Component component) {
    return Math.max(component.pods().size(), component.owner().map(PodOwner::wanted).orElse(0));
  }

  private static Link attested(ClusterCase cluster) {
    Observed<List<Agent>> attested = cluster.evidence().attested();
    List<Agent> agents = attested.seen().orElse(null);
    if (agents == null) {
      return untold("attested", attested, cluster.evidence());
    }
    if (cluster.evidence().pods().seen().isEmpty()) {
      long sound = agents.stream().filter(a -> !a.banned()).count();
      return new Link(
          "attested",
          sound > 0 ? State.HOLDS : State.BROKEN,
          sound == 1 ? "one agent that is not banned" : sound + " agents that are not banned");
    }
    // One of several servers may not have said which agents it knows.
    Observed<List<Agent>> silent =
        cluster.installations().stream()
            .filter(one -> one.agentPods().findAny().isPresent())
            .map(one -> one.installation().attested())
            .filter(one -> one.seen().isEmpty())
            .findFirst()
            .orElse(attested);
    if (silent.seen().isEmpty()) {
      return untold("attested", silent, cluster.evidence());
    }
    long running = cluster.agentPods().count();
    long known = 0;
    long unsure = 0;
    for (InstallationCase one : cluster.installations()) {
      for (Pod pod : one.agentPods().toList()) {
        Candidates candidates = one.candidates(pod.node());
        boolean attestedThere = isKnown(one, pod.node());
        known += attestedThere ? 1 : 0;
        unsure += attestedThere && candidates.perhapsNone() ? 1 : 0;
      }
    }
    State state =
        known < running || known == 0 ? State.BROKEN : unsure > 0 ? State.UNSEEN : State.HOLDS;
    return new Link(
        "attested",
        state,
        known
            + " of "
            + running
            + " running agents"
            + (unsure > 0 ? "; for " + unsure + " it is not known which agent is theirs" : ""));
  }

  /** Whether the server knows the agent of a node. */
  static boolean isKnown(InstallationCase one, String node) {
    Candidates candidates = one.candidates(node);
    return candidates.attested() && !candidates.agents().isEmpty();
  }

  private static Link entries(ClusterEvidence evidence) {
    Optional<Observed<List<Entry>>> silent =
        evidence.installations().stream()
            .map(Installation::entries)
            .filter(
                one ->
                    one instanceof Observed.Unseen<List<Entry>> unseen
                        && unseen.reason() != Observed.Reason.ABSENT)
            .findFirst();
    if (silent.isPresent()) {
      return untold("entries", silent.get(), evidence);
    }
    return evidence
        .entries()
        .seen()
        .map(all -> new Link("entries", State.HOLDS, String.valueOf(all.size())))
        .orElseGet(() -> untold("entries", evidence.entries(), evidence));
  }
}
