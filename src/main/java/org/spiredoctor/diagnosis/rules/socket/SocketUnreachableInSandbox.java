package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.PodEnvironment.Sandbox;
import org.spiredoctor.spire.Ending;

/** A guest kernel cannot connect to a socket of its host. */
@AutoService(Rule.class)
public final class SocketUnreachableInSandbox implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    boolean kata = evidence.environment().sandbox().filter(Sandbox.KATA::equals).isPresent();
    if (!kata || evidence.failureKind() != Ending.Kind.REFUSED) {
      return new Outcome.NotApplicable("not refused inside a virtual machine");
    }
    return Finding.error(this, evidence)
        .confidence(Confidence.LIKELY)
        .seen("connect", evidence.failure().map(Ending::inWords).orElse(""))
        .seen("this pod", "runs in " + Sandbox.KATA.product())
        .remedy(
            new Remedy.Advice(
                "Run this pod without the sandboxed runtimeClassName, or give it its identity by"
                    + " another way than the node's Unix socket"))
        .found("A virtual machine's kernel cannot reach the node's Unix socket");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.CONNECTION_REFUSED);
  }
}
