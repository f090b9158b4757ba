package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.AgentLogs.Concerning;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;

/** The cgroups of a caller name more than one container or pod. */
@AutoService(Rule.class)
public final class CgroupAmbiguous implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentLogs.examine(
        this,
        cluster,
        Severity.ERROR,
        Concerning.ONE,
        line -> line.says("multiple container IDs found") || line.says("multiple pod UIDs found"),
        (complaint, finding) ->
            finding
                .remedy(
                    new Remedy.Patch(
                        "Use the newer way to find the container, which looks at the mounts of"
                            + " /sys/fs/cgroup too",
                        """
                        WorkloadAttestor "k8s" {
                          plugin_data {
                            use_new_container_locator = true
                          }
                        }
                        """))
                .remedy(
                    new Remedy.Advice(
                        "If it is set already, update the agent, and do not ask from a process that"
                            + " the container runtime moved to a cgroup of its own"))
                .found(
                    "The agent sees two containers in the cgroups of a caller, and takes neither"));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.POD_NOT_ATTESTED, Effect.ATTESTOR_FAILS);
  }
}
