package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.Ending;
import org.spiredoctor.spire.Endpoint;

/** A TCP endpoint that nobody answers. */
@AutoService(Rule.class)
public final class SocketUnreachable implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    Endpoint endpoint = evidence.query().address().endpoint().orElse(null);
    Ending ending = evidence.failure().orElse(null);
    if (!(endpoint instanceof Endpoint.Tcp)
        || ending == null
        || ending.phase() != Ending.Phase.CONNECT) {
      return new Outcome.NotApplicable("not a TCP address, or connected");
    }
    return Finding.error(this, evidence)
        .seen("connect", ending.inWords())
        .remedy(
            new Remedy.Advice(
                "Start what serves the Workload API there, or correct the address; SPIRE agents"
                    + " on Unix serve on a Unix socket"))
        .found("Nothing answers at " + endpoint);
  }
}
