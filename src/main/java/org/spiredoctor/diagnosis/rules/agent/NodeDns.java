package org.spiredoctor.diagnosis.rules.agent;

import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.PodOwner;

/**
 * An agent with hostNetwork whose names are looked up by the DNS of its node, which knows no
 * Services.
 *
 * @param policy the pods' dnsPolicy
 */
record NodeDns(PodOwner owner, String policy) {

  /** Of an agent that looks for a Service by its name. */
  static Optional<NodeDns> of(ClusterEvidence evidence, AgentPod agent) {
    return agent
        .component()
        .owner()
        .filter(_ -> agent.pod().hostNetwork() && isService(evidence, agent))
        .map(
            owner -> new NodeDns(owner, Placement.spec(evidence, owner).path("dnsPolicy").asText()))
        // For pods with hostNetwork both mean the node's.
        .filter(dns -> dns.policy().equals("ClusterFirst") || dns.policy().equals("Default"));
  }

  private static boolean isService(ClusterEvidence evidence, AgentPod agent) {
    String[] name =
        agent.component().serverAddress().orElse("").replaceFirst("\\.$", "").split("\\.", 3);
    String namespace = name.length > 1 ? name[1] : agent.pod().meta().namespace();
    // Another name of that beginning is for the node's DNS, or one of the outside.
    boolean ofTheCluster = name.length < 3 || name[2].equals("svc") || name[2].startsWith("svc.");
    return ofTheCluster
        && evidence.snapshot().objects(Kind.SERVICE).seen().orElse(List.of()).stream()
            .map(Meta::of)
            .anyMatch(of -> of.name().equals(name[0]) && of.namespace().equals(namespace));
  }

  void tell(Finding.Builder finding) {
    finding
        .seen(
            owner.kind() + " " + owner.meta().inWords(),
            "hostNetwork true, dnsPolicy " + policy + ": names are looked up by the node's DNS")
        .remedy(
            new Remedy.Command(
                "Let the agents ask the cluster's DNS",
                Kubectl.merge(
                    owner,
                    "{\"spec\":{\"template\":{\"spec\":{\"dnsPolicy\":\"ClusterFirstWithHostNet\"}}}}")));
  }
}
