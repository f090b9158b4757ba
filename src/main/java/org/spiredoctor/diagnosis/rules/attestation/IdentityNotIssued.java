package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.Surroundings;
import org.spiredoctor.spire.Ending;

/** The agent attested this process, or tried to, and has no identity for it. */
@AutoService(Rule.class)
public final class IdentityNotIssued implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    Ending ending = evidence.failure().orElse(null);
    if (ending == null || ending.kind() != Ending.Kind.NO_IDENTITY) {
      return evidence.svids().isEmpty()
          ? new Outcome.NotApplicable("the agent did not say so")
          : new Outcome.Passed();
    }
    Surroundings here = evidence.surroundings();
    Finding.Builder finding =
        Finding.error(this, Subject.here(evidence))
            .confidence(ending.says("no identity issued") ? Confidence.CERTAIN : Confidence.LIKELY)
            .seen("agent", ending.inWords());
    here.namespace().ifPresent(ns -> finding.seen("this process", "k8s:ns:" + ns));
    here.uid().ifPresent(uid -> finding.seen("this process", "unix:uid:" + uid));
    if (here.inPod()) {
      finding.remedy(
          new Remedy.Command(
              "Compare the pod's labels and service account with the selectors of the entry",
              Manifests.showPod(here)));
    }
    return finding
        .remedy(
            new Remedy.Advice(
                "Make an entry whose selectors all hold for this process, and whose parent is the"
                    + " agent of this node or a node alias that the agent matches: an entry under"
                    + " a parent that no agent has is never served"))
        .remedy(
            new Remedy.Advice(
                "If the entry was made in the last seconds, wait: the agent asks the server every"
                    + " 5 s"))
        .found("The agent has no entry for this process, so it issues no identity");
  }

  @Override
  public Set<Class<? extends Rule>> explainedBy() {
    return Set.of(AttestationContainerNotReady.class);
  }
}
