package org.spiredoctor.diagnosis.rules.entry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.ClusterSpiffeId;
import org.spiredoctor.evidence.cluster.LabelMiss;
import org.spiredoctor.kube.Pod;

/**
 * A ClusterSPIFFEID that selects a pod but for one label: of the pod, or of its namespace.
 *
 * @param ofNamespace whether the label is the namespace's
 * @param meets how many other labels it asks for, which are there
 */
record NearDeclaration(ClusterSpiffeId id, LabelMiss miss, boolean ofNamespace, int meets) {

  private static final Set<LabelMiss.Kind> NEAR =
      Set.of(LabelMiss.Kind.SLIP, LabelMiss.Kind.LACKING);

  /** The nearest, where one is; a fallback is meant for nobody. */
  static Optional<NearDeclaration> of(ClusterCase cluster, Pod pod) {
    List<NearDeclaration> all =
        ClusterSpiffeId.of(cluster.evidence()).seen().orElse(List.of()).stream()
            .filter(id -> !id.fallback() && !Declaring.isForeign(cluster, id, pod))
            .flatMap(id -> of(cluster, id, pod).stream())
            .sorted(
                Comparator.comparing((NearDeclaration one) -> !one.isSlip())
                    .thenComparingInt(one -> -one.meets()))
            .toList();
    // Of several that each ask for another label none was evidently meant.
    boolean clear =
        !all.isEmpty()
            && (all.size() == 1 || all.getFirst().isSlip() || all.getFirst().meets() > 0);
    return clear ? Optional.of(all.getFirst()) : Optional.empty();
  }

  private static Optional<NearDeclaration> of(ClusterCase cluster, ClusterSpiffeId id, Pod pod) {
    Optional<List<LabelMiss>> ofNamespace =
        id.missesOfNamespace(pod.meta().namespace(), cluster.evidence());
    List<LabelMiss> ofPod = id.missesOfPod(pod);
    List<LabelMiss> all =
        Stream.concat(ofPod.stream(), ofNamespace.stream().flatMap(List::stream)).toList();
    return ofNamespace.isPresent() && all.size() == 1 && NEAR.contains(all.getFirst().kind())
        ? Optional.of(
            new NearDeclaration(id, all.getFirst(), ofPod.isEmpty(), id.requirements() - 1))
        : Optional.empty();
  }

  /** Whether it is a slip of the pen, and no label that some pods have and others have not. */
  boolean isSlip() {
    return miss.kind() == LabelMiss.Kind.SLIP;
  }

  /** Quotes it, and says what to change. */
  void quote(Pod pod, Finding.Builder finding) {
    finding.seen(
        "ClusterSPIFFEID " + id.name(),
        (ofNamespace ? "namespaceSelector " : "podSelector ") + miss.inWords());
    if (id.stats().podsSelected() == 0) {
      finding.seen("ClusterSPIFFEID " + id.name(), "status: podsSelected 0");
    }
    remedies(pod).forEach(finding::remedy);
  }

  private List<Remedy> remedies(Pod pod) {
    List<Remedy> remedies = new ArrayList<>();
    Optional<Map.Entry<String, String>> wanted = label(miss.wanted());
    Optional<Map.Entry<String, String>> has = miss.has().flatMap(NearDeclaration::label);
    if (isSlip() && wanted.isPresent() && has.isPresent()) {
      remedies.add(
          new Remedy.Declaration(
              "If the "
                  + (ofNamespace ? "namespace" : "pod")
                  + " is right, correct the object; it then makes entries for all that has this"
                  + " label",
              Kubectl.command(
                  "patch",
                  "clusterspiffeid",
                  id.name(),
                  "--type=merge",
                  "-p",
                  patch(wanted.get(), has.get())),
              Optional.empty()));
    }
    wanted.ifPresent(
        label ->
            remedies.add(
                ofNamespace
                    ? new Remedy.Declaration(
                        "If the object is meant for all of the namespace, give that the label",
                        Kubectl.command(
                            "label",
                            "namespace",
                            pod.meta().namespace(),
                            label.getKey() + "=" + label.getValue()),
                        Optional.empty())
                    : new Remedy.Patch(
                        "If the pod is meant, give it the label, in the template of what makes it",
                        "metadata:\n  labels:\n    "
                            + Manifests.scalar(label.getKey())
                            + ": "
                            + Manifests.quoted(label.getValue())
                            + "\n")));
    return remedies;
  }

  private String patch(Map.Entry<String, String> wanted, Map.Entry<String, String> has) {
    String labels =
        (wanted.getKey().equals(has.getKey()) ? "" : Manifests.quoted(wanted.getKey()) + ":null,")
            + Manifests.quoted(has.getKey())
            + ":"
            + Manifests.quoted(has.getValue());
    return "{\"spec\":{\""
        + (ofNamespace ? "namespaceSelector" : "podSelector")
        + "\":{\"matchLabels\":{"
        + labels
        + "}}}}";
  }

  /** Of {@code key=value}; nothing of a set of values. */
  private static Optional<Map.Entry<String, String>> label(String text) {
    int at = text.indexOf('=');
    return at < 0 || text.contains(" ")
        ? Optional.empty()
        : Optional.of(Map.entry(text.substring(0, at), text.substring(at + 1)));
  }
}
