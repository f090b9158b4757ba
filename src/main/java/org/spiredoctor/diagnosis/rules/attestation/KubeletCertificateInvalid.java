package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.AgentLogs.Complaint;
import org.spiredoctor.diagnosis.AgentLogs.Concerning;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;

/** The agent does not trust the kubelet's certificate. */
@AutoService(Rule.class)
public final class KubeletCertificateInvalid implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentLogs.examine(
        this,
        cluster,
        Severity.ERROR,
        Concerning.ALL, // Of calls to the kubelet only: the agent verifies its server as well.
        line -> line.says("/pods") && line.says("x509:"),
        KubeletCertificateInvalid::finish);
  }

  private static Outcome finish(Complaint complaint, Finding.Builder finding) {
    boolean name =
        complaint.line().says("IP SANs") || complaint.line().says("certificate is valid for");
    if (name) {
      finding.remedy(
          new Remedy.Patch(
              "Let the agent ask by the name of its node, which is in the certificate",
              """
              env:
                - name: MY_NODE_NAME
                  valueFrom:
                    fieldRef:
                      fieldPath: spec.nodeName
              """));
    }
    return finding
        .remedy(
            new Remedy.Patch(
                (name ? "Or do" : "Do")
                    + " not verify the certificate: agent and kubelet are on the same node",
                """
                WorkloadAttestor "k8s" {
                  plugin_data {
                    skip_kubelet_verification = true
                  }
                }
                """))
        .remedy(
            new Remedy.Command(
                "Then restart the agents, so that they read it", complaint.restart()))
        .found(
            "The agent does not trust the kubelet's certificate, so it cannot tell which pod calls");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_NOT_READY, Effect.POD_NOT_ATTESTED, Effect.ATTESTOR_FAILS);
  }
}
