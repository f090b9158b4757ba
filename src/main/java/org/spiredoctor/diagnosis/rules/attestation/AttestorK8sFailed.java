package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.AgentLogs.Complaint;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Shell;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;

/** The k8s workload attestor fails, for whatever reason. */
@AutoService(Rule.class)
public final class AttestorK8sFailed implements Rule {
  private static final String STATUS = "unexpected status code on pods response: ";
  private static final String READ_ONLY_PORT = "kubelet_read_only_port";
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
    if (isFound(forbidden)) {
      return forbidden;
    }
    // It is asked for all pods at once.
    List<Outcome> answered =
        AgentLogs.examine(
            this,
            cluster,
            Severity.ERROR,
            line -> line.says(STATUS) && !refuses(line),
            (complaint, finding) -> answered(cluster, complaint, finding));
    return isFound(answered)
        ? answered
        : AgentLogs.examine(
            this,
            cluster,
            AgentLogs.gravity(cluster),
            line -> fails(line) && !refuses(line),
            AttestorK8sFailed::finish);
  }

  private static boolean isFound(List<Outcome> outcomes) {
    return outcomes.stream().anyMatch(Outcome.Found.class::isInstance);
  }

  /** That is another finding, which knows when it ends. */
  private static boolean refuses(Log.Line line) {
    return line.says(STATUS + "401") || line.says(STATUS + "403");
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

  private static Outcome answered(
      ClusterCase cluster, Complaint complaint, Finding.Builder finding) {
    Component agents = complaint.agents();
    Optional<String> plain =
        agents.config().value("plugins", "WorkloadAttestor", "k8s", "plugin_data", READ_ONLY_PORT);
    plain.ifPresent(
        port -> {
          finding.seen("configuration of the agents", READ_ONLY_PORT + " " + port);
          ConfigEdit.of(cluster.evidence(), agents)
              .filter(_ -> !agents.config().text().stripLeading().startsWith("{"))
              .ifPresentOrElse(
                  edit ->
                      finding.remedy(
                          new Remedy.Command(
                              "Let the agents ask at the secure port, as they do without the setting",
                              edit.sed(
                                  "s/" + READ_ONLY_PORT + " *= *\"\\{0,1\\}[0-9]*\"\\{0,1\\}//"))),
                  () ->
                      finding.remedy(
                          new Remedy.Advice(
                              "Take "
                                  + READ_ONLY_PORT
                                  + " out of the agents' configuration: without it they ask at the"
                                  + " secure port")));
        });
    if (plain.isEmpty()) {
      finding.remedy(
          new Remedy.Advice(
              "See what answers at the kubelet's address and port of that node: the kubelet's own log"
                  + " tells why it gave this answer"));
    }
    return finding.found(
        plain
            .map(
                port ->
                    "The agents ask the kubelet without TLS at port "
                        + port
                        + ", and get no list of pods there: they attest no pod")
            .orElse(
                "The kubelet does not give the agents its list of pods, so that they attest no"
                    + " pod"));
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
