package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.PathElement;
import org.spiredoctor.pod.SocketPath;

/** The permissions allow it, and still it is denied: SELinux. */
@AutoService(Rule.class)
public final class SocketDeniedBySelinux implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    if (!Denial.denied(evidence) || !Denial.bySelinux(evidence)) {
      return new Outcome.NotApplicable("nothing was denied against the permissions");
    }
    return Finding.error(this, evidence)
        .confidence(Confidence.LIKELY)
        .seen("this process", evidence.environment().selinux().orElse(""))
        .seen(
            "file system",
            evidence.socket().flatMap(SocketPath::barrier).map(PathElement::inWords).orElse(""))
        .remedy(
            new Remedy.Advice(
                "Label the agent's socket directory on the node for containers"
                    + " (container_file_t), or use the SPIFFE CSI driver, which does"))
        .found("SELinux keeps this process from the socket, although the permissions allow it");
  }
}
