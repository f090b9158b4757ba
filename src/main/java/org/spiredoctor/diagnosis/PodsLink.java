package org.spiredoctor.diagnosis;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.Link.State;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterQuery;

/**
 * The last link of the path: how many of the examined pods have an entry that is served to them.
 */
final class PodsLink {
  private PodsLink() {}

  static Link of(ClusterCase cluster) {
    List<PodEntryMatch> entryMatches = cluster.entryMatches().seen().orElse(null);
    if (entryMatches == null) {
      return new Link(
          "pods",
          State.UNSEEN,
          cluster.evidence().pods().seen().isEmpty() ? "not seen" : "their entries were not seen");
    }
    if (entryMatches.isEmpty() && cluster.pods().isEmpty()) {
      return none(cluster.evidence());
    }
    Map<Boolean, List<PodEntryMatch>> byServed =
        entryMatches.stream().collect(Collectors.partitioningBy(PodsLink::isServed));
    List<PodEntryMatch> served = byServed.getOrDefault(true, List.of());
    List<PodEntryMatch> denied = byServed.getOrDefault(false, List.of());
    long idle = served.stream().filter(one -> !ClusterPath.runs(one.pod())).count();
    int all = cluster.pods().size();
    int unjudged = all - entryMatches.size();
    return new Link(
        "pods",
        !denied.isEmpty() ? State.BROKEN : unjudged > 0 || idle > 0 ? State.UNSEEN : State.HOLDS,
        Words.number(served.size())
            + " of "
            + Words.number(all)
            + (served.size() == all && idle == 0 ? " run and" : "")
            + " have an entry that is served to them"
            + (idle > 0
                ? "; "
                    + Words.number(idle)
                    + " of these "
                    + (idle == 1 ? "does" : "do")
                    + " not run"
                : "")
            + (unjudged > 0 ? "; of " + Words.number(unjudged) + " it could not be told" : "")
            + workloads(served, denied));
  }

  /** That there is no such pod is no proof that all are well. */
  private static Link none(ClusterEvidence evidence) {
    return switch (evidence.query().pods()) {
      case ClusterQuery.Pods.WithSocket(Optional<String> namespace)
          when namespace.filter(name -> !isThere(evidence, name)).isEmpty() ->
          new Link(
              "pods",
              State.HOLDS,
              "none"
                  + namespace.map(name -> " in namespace " + name).orElse("")
                  + " uses the socket of an agent");
      default -> new Link("pods", State.UNSEEN, "none examined: there is none that was asked for");
    };
  }

  private static boolean isThere(ClusterEvidence evidence, String namespace) {
    return evidence.hasNamespace(namespace).orElse(false) || evidence.hasPods(namespace);
  }

  /** How many workloads are not served, where they have more pods than one each. */
  private static String workloads(List<PodEntryMatch> served, List<PodEntryMatch> denied) {
    Set<Workload> some = workloads(served);
    Set<Workload> lacking = workloads(denied);
    Set<Workload> all = new HashSet<>(some);
    all.addAll(lacking);
    if (denied.isEmpty() || all.size() == served.size() + denied.size()) {
      return "";
    }
    int whole = all.size() - some.size();
    int part = lacking.size() - whole;
    String of = " of " + Words.counted(all.size(), "workload");
    return whole == 0
        ? "; " + Words.number(part) + of + isOrAre(part) + " served in part"
        : "; "
            + Words.number(whole)
            + of
            + isOrAre(whole)
            + " not served"
            + (part > 0 ? ", " + Words.number(part) + " in part" : "");
  }

  private static Set<Workload> workloads(List<PodEntryMatch> entryMatches) {
    return Workload.of(entryMatches.stream().map(PodEntryMatch::pod).toList());
  }

  private static String isOrAre(int n) {
    return n == 1 ? " is" : " are";
  }

  /** By an agent that is there: an entry that fits is not yet an identity. */
  private static boolean isServed(PodEntryMatch one) {
    String node = one.pod().node();
    boolean outside = one.home().installation().agents().isEmpty();
    return one.entryMatch().served()
        && (node.isEmpty()
            || (ClusterPath.isKnown(one.home(), node)
                && (outside || one.home().agentPodOn(node).filter(one.home()::isUp).isPresent())));
  }
}
