package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Shell;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.diagnosis.Words;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.identity.Suggestions;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;

/** The pod that was asked about does not exist, or none has these labels. */
@AutoService(Rule.class)
public final class PodNotFound implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(cluster.evidence().pods(), _ -> outcomes(cluster));
  }

  private List<Outcome> outcomes(ClusterCase cluster) {
    List<Outcome> without =
        WithoutPods.of(cluster).stream().map(workload -> workload.found(this)).toList();
    if (!without.isEmpty()) {
      return without;
    }
    if (!cluster.pods().isEmpty()) {
      return List.of();
    }
    return switch (cluster.evidence().query().pods()) {
      case ClusterQuery.Pods.WithSocket _ -> List.of();
      case ClusterQuery.Pods.Named named -> List.of(named(cluster, named));
      case ClusterQuery.Pods.OwnedBy owner -> List.of(ownedBy(cluster, owner));
      case ClusterQuery.Pods.Labelled labelled -> List.of(labelled(cluster, labelled));
    };
  }

  private Outcome named(ClusterCase cluster, ClusterQuery.Pods.Named named) {
    List<Pod> all = cluster.evidence().pods().seen().orElse(List.of());
    Finding.Builder finding = error(cluster, new Subject("Pod", named.namespace(), named.name()));
    owners(cluster, finding);
    Optional<Pod> elsewhere =
        all.stream().filter(pod -> pod.meta().name().equals(named.name())).findFirst();
    Optional<Pod> near =
        elsewhere.or(
            () ->
                Suggestions.nearest(
                        named.name(),
                        all.stream()
                            .filter(pod -> in(named, pod))
                            .map(pod -> pod.meta().name())
                            .toList())
                    .flatMap(
                        name ->
                            all.stream()
                                .filter(pod -> in(named, pod) && pod.meta().name().equals(name))
                                .findFirst()));
    near.ifPresent(
        pod ->
            finding.remedy(
                new Remedy.Command(
                    "If " + pod.inWords() + " was meant, ask about it",
                    "spire-doctor check " + Shell.quote(pod.inWords()))));
    return finding
        .remedy(new Remedy.Command("See which pods there are", list(named.namespace())))
        .found(
            "There is no pod "
                + named.name()
                + named.namespace().map(ns -> " in namespace " + ns).orElse("")
                + near.map(pod -> "; the nearest is " + pod.inWords()).orElse(""));
  }

  /**
   * About what should have created the pods, as far as it was seen: why it could not is said of it,
   * whatever was asked for.
   */
  private Finding.Builder error(ClusterCase cluster, Subject subject) {
    Set<String> owners =
        Unmade.owners(cluster).stream()
            .map(owner -> owner.meta().inWords())
            .collect(Collectors.toSet());
    Set<String> concerned =
        owners.isEmpty()
            ? Unmade.asked(cluster).stream()
                .map(event -> event.namespace() + "/" + event.name())
                .collect(Collectors.toSet())
            : owners;
    return Finding.error(this, subject, Scope.CLUSTER.ofPods(concerned));
  }

  private static boolean in(ClusterQuery.Pods.Named named, Pod pod) {
    return named.namespace().filter(ns -> !ns.equals(pod.meta().namespace())).isEmpty();
  }

  private Outcome ownedBy(ClusterCase cluster, ClusterQuery.Pods.OwnedBy owner) {
    Finding.Builder finding =
        error(cluster, new Subject(owner.kind(), owner.namespace(), owner.name()));
    owners(cluster, finding);
    boolean exists = !Unmade.owners(cluster).isEmpty();
    if (!exists) {
      elsewhere(cluster, owner)
          .ifPresent(
              other ->
                  finding.remedy(
                      new Remedy.Command(
                          "If the one in namespace " + other + " was meant, ask about it",
                          "spire-doctor check "
                              + Shell.quote(
                                  owner.kind().toLowerCase(Locale.ROOT) + "/" + owner.name())
                              + " -n "
                              + Shell.quote(other))));
    }
    return finding
        .remedy(new Remedy.Command("See which pods there are", list(owner.namespace())))
        .found(
            owner.inWords()
                + owner.namespace().map(ns -> " in namespace " + ns).orElse("")
                + (exists ? " has no pod" : " has no pod, or does not exist"));
  }

  /** Another namespace that has one of this name: kubectl's default may not be the one meant. */
  private static Optional<String> elsewhere(ClusterCase cluster, ClusterQuery.Pods.OwnedBy owner) {
    return cluster.evidence().owners().stream()
        .filter(its -> its.kind().equals(owner.kind()))
        .filter(its -> its.meta().name().equals(owner.name()))
        .map(its -> its.meta().namespace())
        .findFirst();
  }

  private Outcome labelled(ClusterCase cluster, ClusterQuery.Pods.Labelled labelled) {
    Finding.Builder finding =
        error(cluster, new Subject("Pods", labelled.namespace(), labelled.selector()));
    owners(cluster, finding);
    return finding
        .remedy(
            new Remedy.Command(
                "Compare with the labels that the pods have",
                list(labelled.namespace()) + " --show-labels"))
        .found(
            "No pod has the labels "
                + labelled.selector()
                + labelled.namespace().map(ns -> " in namespace " + ns).orElse(""));
  }

  private static String list(Optional<String> namespace) {
    return namespace
        .map(name -> Kubectl.line("get pods -n", name))
        .orElseGet(() -> Kubectl.line("get pods -A"));
  }

  /** What should have made the pod, and why it has not. */
  private static void owners(ClusterCase cluster, Finding.Builder finding) {
    for (PodOwner owner : Unmade.owners(cluster).stream().limit(3).toList()) {
      String name = owner.kind() + " " + owner.meta().inWords();
      finding.seen(
          name, "wants " + Words.counted(owner.wanted(), "pod") + ", ready: " + owner.ready());
      List<Event> failures = Unmade.failures(cluster, owner);
      if (!failures.isEmpty()) {
        finding.seen("event of " + name, failures.getLast().message());
      }
      boolean scaledDown = owner.wanted() == 0 && !owner.kind().equals("DaemonSet");
      if (scaledDown) {
        finding.remedy(
            new Remedy.Command(
                "It is scaled to nothing: let it create a pod", Kubectl.scaleToOne(owner)));
      }
    }
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.POD_NOT_CREATED);
  }
}
