package org.spiredoctor.diagnosis.rules.server;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * @param why what Kubernetes says of it, where it says something
 */
record PendingClaim(Pod pod, Volume.Claim volume, Optional<Event> why) {
  private static final Pattern CLASS =
      Pattern.compile("storageclass\\.storage\\.k8s\\.io \"([^\"]{1,253})\" not found");

  static Optional<PendingClaim> of(ClusterEvidence evidence, Pod pod) {
    boolean pending =
        pod.node().isEmpty()
            && pod.conditions().stream()
                .filter(c -> c.denies("PodScheduled"))
                .anyMatch(c -> c.message().contains("unbound immediate PersistentVolumeClaims"));
    List<PendingClaim> claims =
        pod.volumes().stream()
            .filter(_ -> pending)
            .filter(Volume.Claim.class::isInstance)
            .map(Volume.Claim.class::cast)
            .map(claim -> new PendingClaim(pod, claim, event(evidence, pod, claim.claim())))
            .toList();
    return claims.stream().filter(one -> one.why().isPresent()).findFirst().or(() -> only(claims));
  }

  private static Optional<PendingClaim> only(List<PendingClaim> claims) {
    return claims.size() == 1 ? Optional.of(claims.getFirst()) : Optional.empty();
  }

  private static Optional<Event> event(ClusterEvidence evidence, Pod pod, String claim) {
    return evidence.events().stream()
        .filter(e -> e.kind().equals("PersistentVolumeClaim") && e.name().equals(claim))
        .filter(e -> e.namespace().equals(pod.meta().namespace()))
        .filter(e -> e.reason().equals("FailedBinding") || e.reason().equals("ProvisioningFailed"))
        .max(Comparator.comparing(e -> e.last().orElse(Instant.EPOCH)));
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
                "event of PersistentVolumeClaim " + volume.claim(),
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
    finding
        .remedy(
            new Remedy.Patch(
                "Or name a class that exists, where the claim is declared; the claim cannot be"
                    + " changed, so delete it while it has no volume, and what makes it",
                template()))
        .remedy(
            new Remedy.Command(
                "See all that Kubernetes says of the claim",
                Kubectl.command("describe", "pvc", "-n", pod.meta().namespace(), volume.claim())));
  }

  private String template() {
    boolean set = pod.meta().owners().stream().anyMatch(of -> of.kind().equals("StatefulSet"));
    String spec = "spec:\n  storageClassName: NAME-OF-A-STORAGE-CLASS\n";
    return set
        ? "volumeClaimTemplates:\n  - metadata:\n      name: "
            + Manifests.scalar(volume.name())
            + "\n"
            + spec.indent(4)
        : spec;
  }

  /** The end of a sentence about the server. */
  String inWords() {
    return "is not scheduled, because its claim "
        + volume.claim()
        + " has no volume"
        + (without()
            ? ": it names no storage class, and none is the default"
            : unknownClass().map(name -> ": there is no storage class " + name).orElse(""));
  }
}
