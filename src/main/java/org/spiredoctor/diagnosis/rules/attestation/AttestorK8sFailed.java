package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Shell;

/** The k8s workload attestor fails, for whatever reason. */
@AutoService(Rule.class)
public final class AttestorK8sFailed implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentLogs.examine(
        this,
        cluster,
        AgentLogs.gravity(cluster),
        line ->
            // Quotes are escaped within the line, and not in the error that was read from it.
            line.says("workload attestor \\\"k8s\\\" failed")
                || line.error().contains("workload attestor \"k8s\" failed")
                || line.says("Unable to get pod list"),
        (complaint, finding) ->
            finding
                .remedy(
                    new Remedy.Command(
                        "See whether it fails for every pod, or for one only that exits too soon",
                        Manifests.kubectl("logs", complaint.pods().getFirst())
                            + " -c "
                            + Shell.quote(complaint.agents().container())
                            + " --tail=200 | grep -i -e attestor -e kubelet -e 'pod list'"))
                .found(
                    "The agent's k8s attestor fails, so that no entry with k8s selectors matches"));
  }

  @Override
  public Set<Class<? extends Rule>> explainedBy() {
    return Set.of(
        KubeletForbidden.class,
        KubeletUnreachable.class,
        KubeletCertificateInvalid.class,
        KubeletDuplicateContainer.class,
        CgroupAmbiguous.class,
        AttestationContainerNotReady.class,
        AttestationEphemeralContainer.class,
        CallerExited.class);
  }
}
