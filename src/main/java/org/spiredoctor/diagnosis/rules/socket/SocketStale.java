package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.PathElement;
import org.spiredoctor.pod.SocketPath;
import org.spiredoctor.spire.Ending;

/** The socket is left over from an agent that is gone. */
@AutoService(Rule.class)
public final class SocketStale implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    if (evidence.failureKind() != Ending.Kind.REFUSED || evidence.path().isEmpty()) {
      return new Outcome.NotApplicable("the connection was not refused");
    }
    return Finding.error(this, evidence)
        .seen("connect", evidence.failure().map(Ending::inWords).orElse(""))
        .seen(
            "file system",
            evidence.socket().flatMap(SocketPath::self).map(PathElement::inWords).orElse(""))
        .remedy(
            new Remedy.Command(
                "See whether the agent of this node is crashing or restarting",
                Kubectl.agentPods()))
        .found("The socket is there, but no agent listens on it");
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.CONNECTION_REFUSED);
  }
}
