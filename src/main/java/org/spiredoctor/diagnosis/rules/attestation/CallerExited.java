package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.AgentLogs.Concerning;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;

/** What asks the agent is gone before the agent has attested it. */
@AutoService(Rule.class)
public final class CallerExited implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentLogs.examine(
        this,
        cluster,
        Severity.WARNING,
        Concerning.ONE,
        line -> {
          String text = line.text().toLowerCase(Locale.ROOT);
          return text.contains("caller exit suspected") || text.contains("caller exit detected");
        },
        (complaint, finding) ->
            finding
                .remedy(
                    new Remedy.Advice(
                        "Let the program that asks stay until it has its answer: with a deadline of"
                            + " 30 s and more, and in the same process that opened the connection"))
                .found(
                    "A program that asked for its identity exited before the agent attested it"));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ATTESTOR_FAILS, Effect.WORKLOAD_API_FAILS);
  }
}
