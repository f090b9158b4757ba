package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.AgentLogs.Complaint;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Shell;
import org.spiredoctor.evidence.cluster.Log;

/** The k8s workload attestor fails, for whatever reason. */
@AutoService(Rule.class)
public final class AttestorK8sFailed implements Rule {
  private static final String NO_LABELS = "unable to get namespace labels";

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    // For one pod it may fail in passing; what the agent may not do fails for all.
    List<Outcome> forbidden =
        AgentLogs.examine(
            this,
            cluster,
            Severity.ERROR,
            line -> fails(line) && line.says(NO_LABELS) && line.says("is forbidden"),
            AttestorK8sFailed::mayNotSeeNamespaces);
    return forbidden.stream().anyMatch(Outcome.Found.class::isInstance)
        ? forbidden
        : AgentLogs.examine(
            this,
            cluster,
            AgentLogs.gravity(cluster),
            // That the kubelet refuses is another finding, which knows when it ends.
            line -> fails(line) && !line.says("on pods response: 40"),
            AttestorK8sFailed::finish);
  }

  private static boolean fails(Log.Line line) {
    // Quotes are escaped within the line, and not in the error that was read from it.
    return line.says("workload attestor \\\"k8s\\\" failed")
        || line.error().contains("workload attestor \"k8s\" failed")
        || line.says("Unable to get pod list");
  }

  private static Outcome mayNotSeeNamespaces(Complaint complaint, Finding.Builder finding) {
    String apply = " --dry-run=client -o yaml | kubectl apply -f -";
    return finding
        .remedy(
            Grants.to(
                complaint.agents(),
                new Remedy.Command(
                    "Allow the agents to get namespaces, or set enable_namespace_labels to false",
                    "kubectl create clusterrole spire-agent-namespaces --verb=get --resource=namespaces"
                        + apply
                        + " && kubectl create clusterrolebinding spire-agent-namespaces"
                        + " --clusterrole=spire-agent-namespaces --serviceaccount="
                        + Shell.quote(
                            complaint.agents().namespace()
                                + ":"
                                + complaint.pods().getFirst().serviceAccount())
                        + apply)))
        .found(
            "The agent's k8s attestor is to read the labels of namespaces, and may not: it attests"
                + " no pod");
  }

  private static Outcome finish(Complaint complaint, Finding.Builder finding) {
    return finding
        .remedy(
            new Remedy.Command(
                "See whether it fails for every pod, or for one only that exits too soon",
                Manifests.kubectl("logs", complaint.pods().getFirst())
                    + " -c "
                    + Shell.quote(complaint.agents().container())
                    + " --tail=200 | grep -i -e attestor -e kubelet -e 'pod list'"))
        .found("The agent's k8s attestor fails, so that no entry with k8s selectors matches");
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
