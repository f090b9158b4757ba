package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.Ending;

/**
 * What listens is not a Workload API: the server's socket, the agent's admin socket, or something
 * else.
 */
@AutoService(Rule.class)
public final class SocketWrongApi implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    Ending ending = evidence.failure().orElse(null);
    Ending.Kind kind = evidence.failureKind();
    if (ending == null || (kind != Ending.Kind.UNIMPLEMENTED && kind != Ending.Kind.NOT_GRPC)) {
      return new Outcome.NotApplicable("nothing says that it is another API");
    }
    String what =
        kind == Ending.Kind.UNIMPLEMENTED
            ? "What listens there speaks gRPC but has no Workload API: it is the SPIRE server's"
                + " socket or an agent's admin socket"
            : "What listens there does not speak gRPC: it is no SPIRE agent";
    return Finding.error(this, evidence)
        .seen("answer", ending.inWords())
        .remedy(
            new Remedy.Advice(
                "Use the agent's socket_path, by default /tmp/spire-agent/public/api.sock; the"
                    + " server's /tmp/spire-server/private/api.sock is another API"))
        .found(what);
  }
}
