package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.List;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.AgentLogs.Complaint;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Shell;
import org.spiredoctor.kube.Pod;

/** The kubelet does not let the agent list its pods. */
@AutoService(Rule.class)
public final class KubeletForbidden implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentLogs.examine(
        this,
        cluster,
        Severity.ERROR,
        line ->
            line.says("unexpected status code on pods response: 401")
                || line.says("unexpected status code on pods response: 403"),
        KubeletForbidden::finish);
  }

  private static Outcome finish(Complaint complaint, Finding.Builder finding) {
    boolean unknownCaller =
        complaint.line().says("system:anonymous") || complaint.line().says("response: 401");
    if (unknownCaller) {
      finding.remedy(
          new Remedy.Advice(
              "Let the kubelets ask the API server who calls: authentication.webhook.enabled: true"
                  + " and authorization.mode: Webhook in their configuration"));
    } else {
      finding.remedy(
          new Remedy.Command(
              "Allow the agents to list the pods of their node, and start them anew: the kubelet"
                  + " remembers its refusal",
              allow(complaint.agents().namespace(), complaint.pods().getFirst())
                  + " && "
                  + complaint.restart()));
    }
    return finding.found(
        unknownCaller
            ? "The kubelet does not know who the agent is, so the agent cannot tell which pod calls"
            : "The kubelet forbids the agent to list pods, so the agent cannot tell which pod calls");
  }

  /** Both: the kubelet asks for nodes/pods from Kubernetes 1.33 on, and for nodes/proxy before. */
  private static String allow(String namespace, Pod agent) {
    String apply = " --dry-run=client -o yaml | kubectl apply -f -";
    return "kubectl create clusterrole spire-agent-kubelet --verb=get"
        + " --resource=nodes/proxy,nodes/pods"
        + apply
        + " && kubectl create clusterrolebinding spire-agent-kubelet"
        + " --clusterrole=spire-agent-kubelet --serviceaccount="
        + Shell.quote(namespace + ":" + agent.serviceAccount())
        + apply;
  }
}
