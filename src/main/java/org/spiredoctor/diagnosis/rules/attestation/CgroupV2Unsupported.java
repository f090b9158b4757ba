package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.AgentLogs.Concerning;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;

/** The agent looks for containers in the old way, which finds none with cgroup v2. */
@AutoService(Rule.class)
public final class CgroupV2Unsupported implements Rule {
  private static final String[] LOCATOR = {
    "plugins", "WorkloadAttestor", "k8s", "plugin_data", "use_new_container_locator"
  };

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentLogs.examine(
        this,
        cluster,
        AgentLogs.gravity(cluster),
        Concerning.ALL,
        line ->
            oldWay(cluster)
                && CgroupUnknownLayout.seesNoContainer(line)
                && !CgroupUnknownLayout.failed(cluster),
        (complaint, finding) ->
            finding
                .confidence(Confidence.LIKELY)
                .seen("configuration of the agents", "use_new_container_locator = false")
                .seen("selectors", "of the unix attestor only")
                .remedy(
                    new Remedy.Patch(
                        "Let the agent find containers by mounts too, then restart it",
                        """
                        WorkloadAttestor "k8s" {
                          plugin_data {
                            use_new_container_locator = true
                          }
                        }
                        """))
                .found(
                    "The agent looks for containers in /proc/PID/cgroup alone, where there are none"
                        + " with cgroup v2, and takes callers for processes of the node"));
  }

  private static boolean oldWay(ClusterCase cluster) {
    return cluster.evidence().agents().stream()
        .flatMap(agents -> agents.config().value(LOCATOR).stream())
        .anyMatch("false"::equals);
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.POD_NOT_ATTESTED, Effect.CGROUP_NOT_READ);
  }
}
