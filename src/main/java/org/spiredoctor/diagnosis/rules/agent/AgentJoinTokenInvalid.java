package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.Log;

/** The join token of an agent was used, has expired, or is missing. */
@AutoService(Rule.class)
public final class AgentJoinTokenInvalid implements Rule {
  private static final List<String> SAYS =
      List.of(
          "join token does not exist or has already been used",
          "join token expired",
          "join token was not provided");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentPods.byLog(
        this,
        cluster,
        line -> SAYS.stream().anyMatch(line::says),
        (line, first, finding) ->
            finding
                .remedy(
                    Grants.to(
                        first.component(),
                        new Remedy.Command(
                            "Make a new join token, and give it to the agent by -joinToken or"
                                + " join_token within its time",
                            first.home().commands().command("token", "generate", "-ttl", "3600"))))
                .remedy(
                    new Remedy.Advice(
                        "On Kubernetes attest by k8s_psat instead: a join token works once, so"
                            + " that every restart without the agent's data needs a new one"))
                .found(
                    "The SPIRE agent on " + first.pod().node() + " cannot attest: " + why(line)));
  }

  private static String why(Log.Line line) {
    return line.says(SAYS.get(2))
        ? "it has no join token"
        : line.says(SAYS.get(1))
            ? "its join token has expired"
            : "its join token does not exist or was used already";
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_REFUSED);
  }
}
