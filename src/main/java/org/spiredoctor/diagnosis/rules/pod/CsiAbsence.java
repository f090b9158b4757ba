package org.spiredoctor.diagnosis.rules.pod;

import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.agent.Absence;
import org.spiredoctor.diagnosis.rules.agent.NodePods;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.CsiDriver;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Pod;

/**
 * Why no pod of the SPIFFE CSI driver runs on a node.
 *
 * @param inWords the end of a sentence; empty where no reason shows
 */
record CsiAbsence(String inWords, List<Quote> quotes, List<Remedy> remedies) {
  /** There is nothing to explain. */
  static final CsiAbsence NONE = new CsiAbsence("", List.of(), List.of());

  /** Of the driver that a pod's volume asks for, on the pod's node. */
  static CsiAbsence of(ClusterCase cluster, Pod pod, String driver) {
    Optional<Component> agents =
        cluster.home(pod).stream()
            .flatMap(home -> home.installation().agents().stream())
            .findFirst();
    Optional<NodePods> its = agents.flatMap(one -> NodePods.driver(cluster, one, driver));
    if (its.isPresent()) {
      Absence why = Absence.of(cluster.evidence(), its.get(), pod.node());
      return new CsiAbsence(
          why.inWords(its.get()), why.quotes(its.get()), why.remedies(its.get(), pod.node()));
    }
    return isNowhere(cluster.evidence(), driver)
        ? new CsiAbsence("", List.of(), List.of(install(agents)))
        : new CsiAbsence(
            "",
            List.of(),
            List.of(
                new Remedy.Command(
                    "See where the driver's pods run, and why not on this node",
                    Kubectl.line("get daemonsets -A")
                        + " && "
                        + Kubectl.command("describe", "node", pod.node()))));
  }

  /** Whether nothing brings it to any node; false where that was not seen. */
  private static boolean isNowhere(ClusterEvidence evidence, String driver) {
    return evidence.snapshot().objects(Kind.DAEMON_SET).seen().isPresent()
        && evidence.snapshot().podNamespaces().isEmpty()
        && evidence.owners().stream()
            .flatMap(owner -> CsiDriver.of(List.of(owner.template())).stream())
            .noneMatch(one -> one.name().equals(driver) || one.isUnnamed());
  }

  /** As what installed the agents does it. */
  private static Remedy install(Optional<Component> agents) {
    return new Remedy.Advice(
        agents
            .flatMap(Component::owner)
            .map(owner -> owner.meta().labels())
            .flatMap(
                labels ->
                    labels.getOrDefault("helm.sh/chart", "").startsWith("spire-agent-")
                        ? Optional.of(
                            "Enable the driver: set spiffe-csi-driver.enabled to true in the"
                                + " values of SPIRE's Helm release")
                        : "zero-trust-workload-identity-manager"
                                .equals(labels.get("app.kubernetes.io/managed-by"))
                            ? Optional.of(
                                "Install the driver: create a custom resource SpiffeCSIDriver with"
                                    + " the name cluster")
                            : Optional.empty())
            .orElse(
                "Install the driver on every node, with the directory of the agents' socket:"
                    + " https://github.com/spiffe/spiffe-csi (in SPIRE's Helm chart it is"
                    + " spiffe-csi-driver.enabled)"));
  }
}
