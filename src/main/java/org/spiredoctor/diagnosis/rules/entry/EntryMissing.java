package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodStanding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.identity.Standing;
import org.spiredoctor.kube.Pod;

/** No entry was made for a pod. */
@AutoService(Rule.class)
public final class EntryMissing implements Rule {

  /** The labels by which workloads are usually told apart. */
  private static final List<String> TELLING = List.of("app", "app.kubernetes.io/name", "k8s-app");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Unserved.examine(
        this, cluster, Standing.Kind.MISSING, (one, finding) -> finish(cluster, one, finding));
  }

  @Override
  public Set<Class<? extends Rule>> explainedBy() {
    return Set.of(ClusterSpiffeIdIneffective.class, EntryOwnedByController.class);
  }

  private static Outcome finish(ClusterCase cluster, PodStanding one, Finding.Builder finding) {
    Pod pod = one.pod();
    Set<Selector> selectors = selectors(pod);
    String parent = Unserved.parent(cluster, one);
    finding
        .seen(
            "pod " + pod.inWords(),
            selectors.stream().map(Selector::toString).collect(Collectors.joining(", ")))
        .seen(
            "entries",
            "none of "
                + cluster.evidence().entries().seen().orElse(List.of()).size()
                + " matches, and none is near")
        .remedy(remedy(cluster, one));
    if (SpiffeIds.isAgent(parent) && cluster.spire().owner().isEmpty()) {
      finding.remedy(
          new Remedy.Advice(
              "The parent above is the agent of this node alone; for pods that may run on any node"
                  + " make a node alias, and give the entry that parent"));
    }
    return finding.found(
        "No entry"
            + cluster.evidence().wanted().spiffeId().map(w -> " for " + w).orElse("")
            + " matches the pod, so it has no identity");
  }

  /** Makes an entry, or declares it where a controller-manager would delete it. */
  static Remedy remedy(ClusterCase cluster, PodStanding one) {
    Pod pod = one.pod();
    return label(pod)
        .flatMap(
            label ->
                cluster
                    .spire()
                    .owner()
                    .flatMap(
                        owner ->
                            owner.ofPods(
                                "Declare an identity for the pod and those like it",
                                pod,
                                label,
                                cluster.evidence().wanted().spiffeId())))
        .orElseGet(
            () ->
                cluster
                    .spire()
                    .create(
                        "Make an entry",
                        id(cluster, pod),
                        Unserved.parent(cluster, one),
                        selectors(pod)));
  }

  private static String id(ClusterCase cluster, Pod pod) {
    String domain = cluster.evidence().trustDomain().orElse("example.org");
    String path = "/ns/" + pod.meta().namespace() + "/sa/" + pod.serviceAccount();
    return cluster.evidence().wanted().spiffeId().orElseGet(() -> SpiffeIds.of(domain, path));
  }

  private static Optional<String> label(Pod pod) {
    return TELLING.stream().filter(pod.meta().labels()::containsKey).findFirst();
  }

  private static Set<Selector> selectors(Pod pod) {
    Set<Selector> selectors = new LinkedHashSet<>();
    selectors.add(Selector.k8s("ns:" + pod.meta().namespace()));
    selectors.add(Selector.k8s("sa:" + pod.serviceAccount()));
    label(pod)
        .ifPresent(
            label ->
                selectors.add(
                    Selector.k8s("pod-label:" + label + ":" + pod.meta().labels().get(label))));
    return selectors;
  }
}
