package org.spiredoctor.diagnosis.rules.entry;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.ClusterSpiffeId;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.kube.Pod;

/**
 * An entry that matches a pod and cannot be served to it: another SPIRE's server has it, or its
 * parent leads to agents of another cluster.
 *
 * @param server the SPIRE whose server has it
 */
record EntryElsewhere(Entry entry, InstallationCase server) {
  /** Entries of these alone are for whole namespaces, which clusters may have in common. */
  private static final Set<String> BROAD = Set.of("k8s:ns", "k8s:sa");

  /** The first that was evidently meant for the pod. */
  static Optional<EntryElsewhere> of(ClusterCase cluster, PodEntryMatch one) {
    return Stream.concat(
            cluster.installations().stream()
                .filter(other -> !other.equals(one.home()))
                .flatMap(other -> onOtherServer(cluster, other, one)),
            one.home().matchingElsewhere(one.entryMatch().selectors()).stream()
                .filter(EntryElsewhere::isNarrow)
                .map(entry -> new EntryElsewhere(entry, one.home())))
        .filter(found -> found.isWanted(one))
        .findFirst();
  }

  private static Stream<EntryElsewhere> onOtherServer(
      ClusterCase cluster, InstallationCase other, PodEntryMatch one) {
    return other.matchingNone(one.entryMatch().selectors()).stream()
        .filter(
            entry ->
                !ControllerManager.ofPod(entry) || isDeclared(cluster, other, entry, one.pod()))
        .map(entry -> new EntryElsewhere(entry, other));
  }

  /** A controller-manager makes entries of fallbacks for the pods of every SPIRE. */
  private static boolean isDeclared(
      ClusterCase cluster, InstallationCase other, Entry entry, Pod pod) {
    return ClusterSpiffeId.selecting(cluster.evidence(), pod).stream()
        .filter(id -> !id.fallback() && !id.pods().isEmpty())
        .filter(id -> other.controllers().stream().anyMatch(c -> c.actsOn(id.className())))
        .flatMap(id -> id.spiffeId(pod, other.trustDomain()).stream())
        .anyMatch(entry.spiffeId()::equals);
  }

  private static boolean isNarrow(Entry entry) {
    return entry.selectors().stream().anyMatch(s -> !BROAD.contains(s.subject()));
  }

  private boolean isWanted(PodEntryMatch one) {
    return one.home().query().spiffeId().filter(id -> !id.equals(spiffeId(one))).isEmpty();
  }

  private boolean isOnOtherServer(PodEntryMatch one) {
    return !server.equals(one.home());
  }

  /** Its SPIFFE ID in the trust domain of the pod's SPIRE. */
  private String spiffeId(PodEntryMatch one) {
    return one.home()
        .trustDomain()
        .map(domain -> SpiffeIds.of(domain, SpiffeIds.path(entry.spiffeId())))
        .orElseGet(entry::spiffeId);
  }

  /** Adds to a finding what shows it and what repairs it. */
  void quote(PodEntryMatch one, Finding.Builder finding) {
    finding.seen(
        entry.inWords(),
        isOnOtherServer(one)
            ? "matches the pod, and is on the server of " + server.inWords()
            : "serves agents of another cluster");
    if (isCopied(one)) {
      finding.remedy(
          EntryRuleSupport.below(one, finding)
              .createLike(
                  isOnOtherServer(one)
                      ? "Create this entry on the server of the pod's SPIRE"
                      : "Create this entry for the agents of this cluster too",
                  entry,
                  spiffeId(one),
                  EntryRuleSupport.parent(one),
                  entry.selectors()));
    }
    if (!isCopied(one) && !ControllerManager.ofPod(entry)) {
      finding.remedy(
          new Remedy.Advice(
              "If the pod is meant to be "
                  + spiffeId(one)
                  + ", a check of the pod with --spiffe-id of that prints how the entry is created"
                  + " here"));
    }
    if (isOnOtherServer(one)) {
      finding.remedy(
          new Remedy.Advice(
              "If the pod is meant to be "
                  + entry.spiffeId()
                  + ", give it the socket of the agents of "
                  + server.inWords()
                  + ". Otherwise delete the entry there"));
    }
  }

  /**
   * Whether it is created for the pod by a command. What somebody declared at another server, or
   * for another cluster, gives an identity here only where the user asks for that identity, and
   * nobody has it.
   */
  boolean isCopied(PodEntryMatch one) {
    String id = spiffeId(one);
    return !ControllerManager.ofPod(entry)
        && one.home().query().spiffeId().filter(id::equals).isPresent()
        && !SpiffeIds.path(id).startsWith("/spire/")
        && Aliases.granting(one.home(), id).stream().allMatch(entry::equals)
        && entry.selectors().contains(Selector.k8s("ns:" + one.pod().meta().namespace()));
  }

  /** Why it does not serve the pod. */
  String why(PodEntryMatch one) {
    return "; the entry for "
        + entry.spiffeId()
        + (isOnOtherServer(one)
            ? " is on the server of " + server.inWords() + ", whose agents the pod does not use"
            : " matches, but its parent leads to agents of another cluster only");
  }
}
