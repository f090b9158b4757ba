package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.AgentLogs.Concerning;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Attempt;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.Ending;

/** The agent keeps asking the kubelet for a container that it does not find. */
@AutoService(Rule.class)
public final class AttestationContainerNotReady implements Rule {

  private static final Duration LONG = Duration.ofSeconds(10);

  @Override
  public Outcome examine(Evidence evidence) {
    Attempt call = evidence.lastCall().orElse(null);
    Ending.Kind kind = evidence.failureKind();
    if (call == null) {
      return new Outcome.NotApplicable("the agent was not asked");
    }
    boolean late = call.took().compareTo(LONG) >= 0;
    boolean denied = kind == Ending.Kind.NO_IDENTITY || kind == Ending.Kind.ATTESTATION_FAILED;
    if (kind != Ending.Kind.PENDING && !(denied && late)) {
      return new Outcome.NotApplicable("the agent answered at once, or not at all");
    }
    return Finding.error(this, evidence)
        .confidence(late ? Confidence.LIKELY : Confidence.POSSIBLE)
        .seen(
            "agent",
            evidence.failure().map(Ending::inWords).orElse("")
                + " (after "
                + call.took().toSeconds()
                + " s)")
        .remedy(
            new Remedy.Command(
                "Read the agent's log on this pod's node: it names the container, or the"
                    + " kubelet's refusal",
                Kubectl.agentLog(200)))
        .remedy(
            new Remedy.Advice(
                "Do not ask from a postStart hook or an ephemeral container: the kubelet does not"
                    + " list them in time, or at all"))
        .found(
            "The agent is alive but cannot finish attesting this process: it polls the kubelet,"
                + " for up to 30 s");
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentLogs.examine(
        this,
        cluster,
        AgentLogs.gravity(cluster),
        Concerning.ONE,
        line ->
            line.says("Container id not found; giving up")
                || line.says("no selectors found after max poll attempts"),
        (complaint, finding) ->
            finding
                .remedy(
                    new Remedy.Advice(
                        "Do not ask from a postStart hook or an ephemeral container: the kubelet"
                            + " does not list them in time, or at all; nor let"
                            + " holdApplicationUntilProxyStarts wait for an identity"))
                .remedy(
                    new Remedy.Patch(
                        "Or let the agent attest by the pod alone; entries with container selectors"
                            + " then match no more",
                        """
                        WorkloadAttestor "k8s" {
                          plugin_data {
                            disable_container_selectors = true
                          }
                        }
                        """))
                .found(
                    "A workload asked from a container that the kubelet did not list for 30 s, so"
                        + " the agent gave up"));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ATTESTOR_FAILS, Effect.CALLER_UNKNOWN, Effect.WORKLOAD_API_FAILS);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.CALLER_NEVER_LISTED);
  }
}
