package org.spiredoctor.diagnosis.rules.entry;

import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.ClusterSpiffeId;
import org.spiredoctor.evidence.cluster.LabelMiss;
import org.spiredoctor.kube.Pod;

/**
 * A ClusterSPIFFEID that selects a pod but for one label: of the pod, or of its namespace. What to
 * do about it is advice, since somebody has to know which of the two is right.
 *
 * @param ofNamespace whether the label is the namespace's
 * @param meets how many other labels it asks for, which are there
 */
record NearDeclaration(ClusterSpiffeId id, LabelMiss miss, boolean ofNamespace, int meets) {

  /** Whether a label looks misspelled, and is not one that some pods have and others have not. */
  boolean isTypo() {
    return miss.kind() == LabelMiss.Kind.TYPO;
  }

  /** Quotes it, and says what to change. */
  void quote(NearDeclarations all, Pod pod, Finding.Builder finding) {
    finding.seen(
        "ClusterSPIFFEID " + id.name(),
        (ofNamespace ? "namespaceSelector " : "podSelector ") + miss.inWords());
    if (id.isIdle()) {
      finding.seen("ClusterSPIFFEID " + id.name(), "status: podsSelected 0");
    }
    if (isTypo()) {
      finding.remedy(correction(all, pod));
    }
    finding.remedy(new Remedy.Advice(label(all, pod)));
  }

  /**
   * Who can make a pod can make one that is near: it says who gains, and is never made by itself.
   */
  private Remedy correction(NearDeclarations all, Pod pod) {
    String what =
        "If ClusterSPIFFEID "
            + id.name()
            + " is meant for this pod, write "
            + miss.has().orElse("")
            + " for "
            + miss.wanted()
            + " in its podSelector; then "
            + all.gainingBySelector(this, pod);
    return miss.correction()
        .filter(_ -> all.isAsked())
        .<Remedy>map(
            labels ->
                new Remedy.Command(
                    what,
                    ClusterSpiffeIdDiagnosis.patch(
                        id, "\"podSelector\":{\"matchLabels\":" + labels + "}")))
        .orElseGet(() -> new Remedy.Advice(what));
  }

  private String label(NearDeclarations all, Pod pod) {
    return ofNamespace
        ? "If ClusterSPIFFEID "
            + id.name()
            + " is meant for namespace "
            + pod.meta().namespace()
            + ", give that the label "
            + miss.wanted()
            + "; then "
            + all.gainingByNamespace(this, pod)
        : (isTypo() ? "If the object is right" : "If ClusterSPIFFEID " + id.name() + " is meant")
            + ", give the pod the label "
            + miss.wanted()
            + ", in the template of what makes it";
  }
}
