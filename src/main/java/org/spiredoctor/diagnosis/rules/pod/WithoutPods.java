package org.spiredoctor.diagnosis.rules.pod;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.diagnosis.Words;
import org.spiredoctor.evidence.cluster.Workloads;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;

/**
 * A workload whose pods would use the Workload API, and of which there is none.
 *
 * @param failure the last event about it
 */
record WithoutPods(PodOwner owner, Optional<Event> failure) {
  /** So long its pods may be on their way. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Pattern NO_ACCOUNT =
      Pattern.compile("looking up service account [^ ]{1,253}/([^ /]{1,253}): .{0,500}not found");

  /** Those that are asked about. */
  static List<WithoutPods> of(ClusterCase cluster) {
    List<PodOwner> idle =
        Unmade.owners(cluster).stream()
            .filter(owner -> owner.wanted() > 0 && owner.ready() == 0)
            .filter(owner -> !cluster.evidence().makesSpire(owner))
            .filter(
                owner ->
                    owner.template().volumes().stream()
                        .anyMatch(v -> Workloads.leadsToSocket(v, cluster.socketDirectories())))
            .toList();
    if (idle.isEmpty()) {
      return List.of();
    }
    Set<Subject> made = made(cluster);
    return idle.stream()
        .filter(owner -> !made.contains(subject(owner.kind(), owner.meta().namespace(), owner)))
        .map(
            owner ->
                new WithoutPods(
                    owner, Unmade.failures(cluster, owner).stream().reduce((first, last) -> last)))
        .filter(one -> one.failure().isPresent() || !one.isNew(cluster))
        .toList();
  }

  private static Subject subject(String kind, String namespace, PodOwner owner) {
    return new Subject(kind, Optional.of(namespace), owner.meta().name());
  }

  /** What has pods, be they on their way out. */
  private static Set<Subject> made(ClusterCase cluster) {
    Set<Subject> made = new HashSet<>();
    for (Pod pod : cluster.evidence().pods().seen().orElse(List.of())) {
      Optional<String> namespace = Optional.of(pod.meta().namespace());
      for (Meta.OwnerReference its : pod.meta().owners()) {
        made.add(new Subject(its.kind(), namespace, its.name()));
        if (its.kind().equals("ReplicaSet")) {
          // It has the name of its deployment and a hash.
          made.add(new Subject("Deployment", namespace, its.name().replaceFirst("-[^-]*$", "")));
        }
      }
    }
    return made;
  }

  private boolean isNew(ClusterCase cluster) {
    return owner
        .meta()
        .created()
        .filter(made -> made.isAfter(cluster.evidence().at().minus(PATIENCE)))
        .isPresent();
  }

  Outcome found(Rule rule) {
    String namespace = owner.meta().namespace();
    Subject subject = subject(owner.kind(), namespace, owner);
    Finding.Builder finding =
        Finding.error(
                rule, subject, Scope.CLUSTER.ofPods(Set.of(namespace + "/" + owner.meta().name())))
            .confidence(Confidence.LIKELY)
            .seen(
                subject.inWords(),
                "wants " + Words.counted(owner.wanted(), "pod") + ", ready: " + owner.ready());
    failure.ifPresent(
        event -> finding.seen("event of " + event.kind() + " " + event.name(), event.message()));
    Optional<String> account = missingAccount();
    account.ifPresent(
        name ->
            finding.remedy(
                new Remedy.Advice(
                    "Make the service account "
                        + name
                        + " in namespace "
                        + namespace
                        + ", or name one that exists as serviceAccountName. What is bound to its"
                        + " name, and entries that ask for it, hold again")));
    return finding
        .remedy(
            new Remedy.Command(
                "See what Kubernetes says of it", Kubectl.describe(owner.kind(), owner.meta())))
        .found(
            subject.inWords()
                + " has no pod"
                + account
                    .map(name -> ": its service account " + name + " does not exist")
                    .orElse(
                        failure.isPresent()
                            ? ": Kubernetes refuses to make one"
                            : ", and no event says why"));
  }

  /** The account that its pods ask for, where Kubernetes says that there is none. */
  private Optional<String> missingAccount() {
    return failure
        .map(event -> NO_ACCOUNT.matcher(event.message()))
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .filter(owner.template().serviceAccount()::equals);
  }
}
