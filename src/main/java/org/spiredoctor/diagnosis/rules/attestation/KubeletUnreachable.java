package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.AgentLogs.Complaint;
import org.spiredoctor.diagnosis.AgentLogs.Concerning;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;

/** The agent does not reach the kubelet of its node. */
@AutoService(Rule.class)
public final class KubeletUnreachable implements Rule {
  private static final String KUBELET_PORT = "10250";

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentLogs.examine(
        this,
        cluster,
        Severity.ERROR,
        Concerning.ALL,
        line ->
            line.says("/pods")
                && Stream.of(
                        "connection refused",
                        "i/o timeout",
                        "no route to host",
                        "no such host",
                        "Client.Timeout exceeded")
                    .anyMatch(line::says),
        (complaint, finding) -> finish(cluster, complaint, finding));
  }

  private static Outcome finish(ClusterCase cluster, Complaint complaint, Finding.Builder finding) {
    boolean own = complaint.pods().getFirst().hostNetwork();
    boolean loopback = complaint.line().says("127.0.0.1");
    if (!own && loopback) {
      finding.seen(
          "pod " + complaint.pods().getFirst().inWords(),
          "hostNetwork is not true, so 127.0.0.1 is the pod itself");
      complaint
          .agents()
          .owner()
          .ifPresent(
              owner ->
                  finding.remedy(
                      Grants.to(
                          complaint.agents(),
                          new Remedy.Command(
                              "Let the agents use the node's network, where the kubelet listens",
                              Kubectl.changePods(
                                  owner,
                                  "\"hostNetwork\":true,\"dnsPolicy\":\"ClusterFirstWithHostNet\"")))));
      finding.remedy(
          new Remedy.Patch(
              "Or tell the agent the name of its node, by which it then asks the kubelet",
              """
              env:
                - name: MY_NODE_NAME
                  valueFrom:
                    fieldRef:
                      fieldPath: spec.nodeName
              """));
    } else {
      Component agents = complaint.agents();
      agents
          .config()
          .value("plugins", "WorkloadAttestor", "k8s", "plugin_data", "kubelet_secure_port")
          .filter(port -> !port.equals(KUBELET_PORT))
          .ifPresent(
              port -> {
                finding.seen("configuration of the agents", "kubelet_secure_port " + port);
                String what = "Let the agents ask at the port that kubelets usually have";
                finding.remedy(
                    ConfigEdit.of(cluster.evidence(), agents)
                        .flatMap(edit -> edit.replace("kubelet_secure_port", port, KUBELET_PORT))
                        .<Remedy>map(command -> new Remedy.Command(what, command))
                        .orElseGet(
                            () ->
                                new Remedy.Patch(
                                    what,
                                    "WorkloadAttestor \"k8s\" {\n  plugin_data {\n"
                                        + "    kubelet_secure_port = "
                                        + KUBELET_PORT
                                        + "\n  }\n}\n",
                                    Optional.of(Subject.of(agents)))));
              });
      finding.remedy(
          new Remedy.Advice(
              "See that the kubelet listens at this address and port (kubelet_secure_port in the"
                  + " agent's configuration), and that no network policy or firewall lies between"));
    }
    return finding.found(
        "The agent does not reach the kubelet of its node, so it cannot tell which pod calls");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_NOT_READY, Effect.POD_NOT_ATTESTED, Effect.ATTESTOR_FAILS);
  }
}
