package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.AgentLogs.Complaint;
import org.spiredoctor.diagnosis.AgentLogs.Concerning;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.evidence.cluster.Rights;
import org.spiredoctor.kube.Pod;

/** The kubelet does not let the agent list its pods. */
@AutoService(Rule.class)
public final class KubeletForbidden implements Rule {
  private static final Duration REMEMBERED = Duration.ofSeconds(40);
  private static final Log.Line NOTHING = new Log.Line("", "", "", "");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    List<Outcome> said =
        AgentLogs.examine(
            this,
            cluster,
            Severity.ERROR,
            Concerning.ALL,
            line ->
                line.says("unexpected status code on pods response: 401")
                    || line.says("unexpected status code on pods response: 403"),
            (complaint, finding) -> finish(cluster, complaint, finding));
    List<Outcome> denied =
        said.stream().anyMatch(Outcome.Found.class::isInstance)
            ? List.of()
            : cluster.evidence().agents().stream()
                .filter(agents -> !agents.pods().isEmpty() && mayNot(cluster, agents))
                .map(agents -> denied(cluster, agents))
                .toList();
    return denied.isEmpty() ? said : denied;
  }

  /** The kubelet remembers a yes for minutes, and nobody may have asked since. */
  private static boolean mayNot(ClusterCase cluster, Component agents) {
    boolean asks =
        agents.config().has("plugins", "WorkloadAttestor", "k8s")
            && !agents
                .config()
                .has("plugins", "WorkloadAttestor", "k8s", "plugin_data", "kubelet_read_only_port");
    return asks
        && agents.specimen().stream()
            .allMatch(
                pod ->
                    Rights.kubelet(agents, pod)
                        .allMatch(right -> cluster.evidence().snapshot().denied(right)));
  }

  private Outcome denied(ClusterCase cluster, Component agents) {
    Complaint complaint = new Complaint(agents, agents.pods(), NOTHING, true);
    Pod first = agents.pods().getFirst();
    Set<String> nodes =
        agents.pods().stream()
            .map(Pod::node)
            .filter(node -> !node.isEmpty())
            .collect(Collectors.toSet());
    return Finding.error(this, Subject.of(agents), cluster.scope(cluster.home(agents), nodes))
        .confidence(Confidence.LIKELY)
        .seen(
            "Kubernetes",
            "the service account "
                + Rights.account(agents, first)
                + " may neither get nodes/proxy nor nodes/pods")
        .remedy(grant(complaint))
        .found(
            "The agents' service account may not list the pods of its node, so that the kubelet"
                + " refuses the agents, now or within minutes");
  }

  /** A right that was given since; the kubelet remembers its no for half a minute. */
  private static boolean mended(ClusterCase cluster, Complaint complaint) {
    return complaint.before(REMEMBERED, cluster.evidence().at())
        && complaint.agents().specimen().stream()
            .flatMap(pod -> Rights.kubelet(complaint.agents(), pod))
            .anyMatch(right -> cluster.evidence().snapshot().allowed(right));
  }

  private static Outcome finish(ClusterCase cluster, Complaint complaint, Finding.Builder finding) {
    if (mended(cluster, complaint)) {
      return new Outcome.Passed();
    }
    boolean unknownCaller =
        complaint.line().says("system:anonymous") || complaint.line().says("response: 401");
    if (unknownCaller) {
      finding.remedy(
          new Remedy.Advice(
              "Let the kubelets ask the API server who calls: authentication.webhook.enabled: true"
                  + " and authorization.mode: Webhook in their configuration"));
    } else {
      finding.remedy(grant(complaint));
    }
    return finding.found(
        unknownCaller
            ? "The kubelet does not know who the agent is, so the agent cannot tell which pod calls"
            : "The kubelet forbids the agent to list pods, so the agent cannot tell which pod calls");
  }

  private static Remedy grant(Complaint complaint) {
    return Grants.to(
        complaint.agents(),
        new Remedy.Command(
            "Allow the agents to list the pods of their node, and restart them: the kubelet"
                + " remembers its refusal",
            allow(complaint.agents().namespace(), complaint.pods().getFirst())
                + " && "
                + complaint.restart()));
  }

  /** Both: the kubelet asks for nodes/pods from Kubernetes 1.33 on, and for nodes/proxy before. */
  private static String allow(String namespace, Pod agent) {
    return Kubectl.allow(
        "spire-agent-kubelet",
        "get",
        "nodes/proxy,nodes/pods",
        namespace + ":" + agent.serviceAccount(),
        Optional.empty());
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_NOT_READY, Effect.POD_NOT_ATTESTED, Effect.ATTESTOR_FAILS);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.NODE_ATTESTATION_REJECTED);
  }
}
