package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.AgentLogs.Complaint;
import org.spiredoctor.diagnosis.AgentLogs.Concerning;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Shell;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;

/** The k8s workload attestor fails, for whatever reason. */
@AutoService(Rule.class)
public final class AttestorK8sFailed implements Rule {
  private static final String STATUS = "unexpected status code on pods response: ";
  private static final String PERHAPS_FOR_ONE =
      "The agent's k8s attestor fails, so that no entry with k8s selectors matches";
  private static final String NO_LABELS = "unable to get namespace labels";

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    // For one pod it may fail in passing; what the agent may not do fails for all.
    List<Outcome> forbidden =
        AgentLogs.examine(
            this,
            cluster,
            Severity.ERROR,
            Concerning.ALL,
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
            Concerning.ALL,
            line -> line.says(STATUS) && !refuses(line),
            (complaint, finding) -> answered(cluster, complaint, finding));
    List<Outcome> misconfigured =
        cluster.evidence().agents().stream()
            .flatMap(agents -> misconfigured(cluster, agents).stream())
            .toList();
    if (!misconfigured.isEmpty() && !isError(answered)) {
      return misconfigured;
    }
    return isFound(answered)
        ? answered
        : AgentLogs.examine(
            this,
            cluster,
            AgentLogs.gravity(cluster),
            Concerning.ONE,
            line -> fails(line) && !refuses(line),
            AttestorK8sFailed::finish);
  }

  private static boolean isFound(List<Outcome> outcomes) {
    return outcomes.stream().anyMatch(Outcome.Found.class::isInstance);
  }

  private static boolean isError(List<Outcome> outcomes) {
    return outcomes.stream()
        .anyMatch(
            one ->
                one instanceof Outcome.Found(Finding finding)
                    && finding.severity() == Severity.ERROR);
  }

  /** That is another finding, which knows when it ends. */
  private static boolean refuses(Log.Line line) {
    return line.says(STATUS + "401") || line.says(STATUS + "403");
  }

  private static boolean fails(Log.Line line) {
    if (line.says("no selectors found after max poll attempts")) {
      // The kubelet answered, and did not know the one container: another finding.
      return false;
    }
    if (line.says("code = Canceled")) {
      // The caller went away before the kubelet had answered, as each does whose pod is deleted.
      return false;
    }
    // Quotes are escaped within the line, and not in the error that was read from it.
    return line.says("workload attestor \\\"k8s\\\" failed")
        || line.error().contains("workload attestor \"k8s\" failed")
        || line.says("Unable to get pod list");
  }

  private static Outcome mayNotSeeNamespaces(Complaint complaint, Finding.Builder finding) {
    return finding
        .remedy(
            Grants.to(
                complaint.agents(),
                new Remedy.Command(
                    "Allow the agents to get namespaces, or set enable_namespace_labels to false",
                    Kubectl.allow(
                        "spire-agent-namespaces",
                        "get",
                        "namespaces",
                        complaint.agents().namespace()
                            + ":"
                            + complaint.pods().getFirst().serviceAccount(),
                        Optional.empty()))))
        .found(
            "The agent's k8s attestor is to read the labels of namespaces, and may not: it attests"
                + " no pod");
  }

  private static Outcome answered(
      ClusterCase cluster, Complaint complaint, Finding.Builder finding) {
    return ReadOnlyPort.of(complaint.agents())
        .map(port -> port.tell(cluster, finding))
        .orElseGet(
            () ->
                finding
                    .remedy(
                        new Remedy.Advice(
                            "See what answers at the kubelet's address and port of that node: the"
                                + " kubelet's own log tells why it gave this answer"))
                    .found(
                        "The kubelet does not give the agents its list of pods, so that they attest"
                            + " no pod"));
  }

  /** So it stays for ever, whether somebody has asked lately or not. */
  private Optional<Outcome> misconfigured(ClusterCase cluster, Component agents) {
    return ReadOnlyPort.of(agents)
        .flatMap(
            port ->
                port.secureOn(cluster)
                    .map(
                        node ->
                            port.tell(
                                cluster,
                                cluster
                                    .name(
                                        cluster.home(agents),
                                        Finding.error(
                                            this, Subject.of(agents), cluster.scope(agents)))
                                    .seen(
                                        "node " + node,
                                        "its kubelet expects TLS at port " + port.number()))));
  }

  private static Outcome finish(Complaint complaint, Finding.Builder finding) {
    return finding
        .remedy(
            new Remedy.Command(
                "See whether it fails for every pod, or for one only that exits too soon",
                Shell.grepIgnoringCase(
                    Kubectl.logs(
                        complaint.pods().getFirst(),
                        "-c",
                        complaint.agents().container(),
                        "--tail=200"),
                    "attestor",
                    "kubelet",
                    "pod list")))
        .found(PERHAPS_FOR_ONE);
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_NOT_READY, Effect.POD_NOT_ATTESTED);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.ATTESTOR_FAILS);
  }

  /** What concerns every caller is not explained by what happened to one. */
  @Override
  public Set<Effect> explainedBy(Finding found) {
    return found.summary().equals(PERHAPS_FOR_ONE) ? explainedBy() : Set.of();
  }
}
