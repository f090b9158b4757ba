package org.spiredoctor.diagnosis.rules.server;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/**
 * A claim without a volume, which keeps a server's pod from being scheduled.
 *
 * @param claims it, or several one of which it is
 * @param why what Kubernetes says of it, where it says something
 */
record PendingClaim(Pod pod, List<Volume.Claim> claims, Optional<Event> why) {
  private static final Pattern CLASS =
      Pattern.compile("storageclass\\.storage\\.k8s\\.io \"([^\"]{1,253})\" not found");

  static Optional<PendingClaim> of(ClusterEvidence evidence, Pod pod) {
    boolean pending =
        pod.node().isEmpty()
            && pod.conditions().stream()
                .filter(c -> c.denies("PodScheduled"))
                .anyMatch(c -> c.message().contains("unbound immediate PersistentVolumeClaims"));
    if (!pending) {
      return Optional.empty();
    }
    List<Volume.Claim> claims =
        pod.volumes().stream()
            .filter(Volume.Claim.class::isInstance)
            .map(Volume.Claim.class::cast)
            .toList();
    return claims.stream()
        .flatMap(
            claim ->
                event(evidence, pod, claim.claim()).stream()
                    .map(why -> new PendingClaim(pod, List.of(claim), Optional.of(why))))
        // One that has its volume since says nothing any more.
        .max(Comparator.comparing(one -> one.why().flatMap(Event::last).orElse(Instant.EPOCH)))
        .or(
            () ->
                claims.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new PendingClaim(pod, claims, Optional.empty())));
  }

  /** Why it has no volume; what was said before the pod was created can be over. */
  private static Optional<Event> event(ClusterEvidence evidence, Pod pod, String claim) {
    return evidence.events().stream()
        .filter(e -> e.kind().equals("PersistentVolumeClaim") && e.name().equals(claim))
        .filter(e -> e.namespace().equals(pod.meta().namespace()))
        .filter(
            e ->
                pod.meta()
                    .created()
                    .flatMap(created -> e.last().filter(last -> !last.isBefore(created)))
                    .isPresent())
        .max(Comparator.comparing(e -> e.last().orElse(Instant.EPOCH)))
        .filter(e -> e.reason().equals("FailedBinding") || e.reason().equals("ProvisioningFailed"));
  }

  private boolean named() {
    return claims.size() == 1;
  }

  private boolean without() {
    return why.filter(e -> e.message().contains("no storage class is set")).isPresent();
  }

  private Optional<String> unknownClass() {
    return why.map(e -> CLASS.matcher(e.message())).filter(Matcher::find).map(m -> m.group(1));
  }

  /** Quotes what Kubernetes says. */
  void quote(Finding.Builder finding) {
    why.ifPresent(
        e ->
            finding.seen(
                "event of PersistentVolumeClaim " + claims.getFirst().claim(),
                e.reason() + ": " + e.message()));
  }

  /** What gives the claim a volume. */
  void remedies(Finding.Builder finding) {
    if (without() || unknownClass().isPresent()) {
      finding.remedy(
          new Remedy.Command(
              "See which storage classes there are, and which is the default",
              Kubectl.command("get", "storageclass")));
    }
    if (without()) {
      finding.remedy(
          new Remedy.Advice(
              "Make one of them the default, by its annotation"
                  + " storageclass.kubernetes.io/is-default-class: \"true\"; the claim then gets"
                  + " it"));
    }
    if (without() || unknownClass().isPresent()) {
      finding.remedy(
          new Remedy.Patch(
              "Or name a class that exists, where the claim is declared. A claim that exists cannot"
                  + " be changed: create it again only if kubectl get pvc shows it as Pending and"
                  + " without a volume; one that has a volume holds data",
              template()));
    }
    String namespace = pod.meta().namespace();
    finding.remedy(
        named()
            ? new Remedy.Command(
                "See all that Kubernetes says of the claim",
                Kubectl.command("describe", "pvc", "-n", namespace, claims.getFirst().claim()))
            : new Remedy.Command(
                "See which of the claims is Pending, and describe that one",
                Kubectl.command(
                    Stream.concat(
                            Stream.of("get", "pvc", "-n", namespace),
                            claims.stream().map(Volume.Claim::claim))
                        .toList())));
  }

  private String template() {
    boolean set = pod.meta().owners().stream().anyMatch(of -> of.kind().equals("StatefulSet"));
    String spec = "spec:\n  storageClassName: NAME-OF-A-STORAGE-CLASS\n";
    return set
        ? "volumeClaimTemplates:\n  - metadata:\n      name: "
            + Manifests.scalar(claims.getFirst().name())
            + "\n"
            + spec.indent(4)
        : spec;
  }

  /** The end of a sentence about the server. */
  String inWords() {
    return "is not scheduled, because "
        + (named() ? "its claim " + claims.getFirst().claim() : "one of its claims")
        + " has no volume"
        + (without()
            ? ": it names no storage class, and none is the default"
            : unknownClass().map(name -> ": there is no storage class " + name).orElse(""));
  }
}
