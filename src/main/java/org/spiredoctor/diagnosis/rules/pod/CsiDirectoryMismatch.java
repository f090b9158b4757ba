package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.CsiDriver;
import org.spiredoctor.kube.Owner;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.pod.AnyPath;

/**
 * The SPIFFE CSI driver of a node hands out another directory than the one in which the node's
 * agents have their socket: pods mount it without an error, and find nothing in it.
 */
@AutoService(Rule.class)
public final class CsiDirectoryMismatch implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examine(
        cluster,
        pod -> !pod.over() && CsiVolumes.of(pod).isPresent(),
        group ->
            CsiVolumes.driver(cluster, group.first())
                .flatMap(driver -> judge(cluster, group, driver)));
  }

  private Optional<Outcome> judge(ClusterCase cluster, PodGroup group, CsiDriver driver) {
    List<Component> there =
        cluster.evidence().agents().stream()
            .filter(one -> one.pods().stream().anyMatch(p -> p.node().equals(driver.pod().node())))
            .toList();
    if (there.isEmpty() || there.stream().anyMatch(driver::serves)) {
      return Optional.empty();
    }
    List<Component> agents = meant(cluster, group.first(), driver, there);
    if (agents.stream().map(cluster::home).distinct().count() > 1) {
      return Optional.of(
          new Outcome.Unknown(
              "which SPIRE's agents the CSI driver "
                  + driver.pod().inWords()
                  + " is for: it hands out the socket of none"));
    }
    if (agents.stream().anyMatch(one -> !one.tellsSocket() || one.socketDirectory().isEmpty())) {
      return Optional.of(
          new Outcome.Unknown(
              "where the agents have their socket, to compare it with the directory that the SPIFFE"
                  + " CSI driver hands out"));
    }
    if (driver.directory().filter(d -> agents.stream().anyMatch(a -> holds(d, a))).isPresent()) {
      return Optional.empty();
    }
    if (driver.directory().isEmpty() && !driver.keepsDirectory()) {
      return Optional.empty();
    }
    return Optional.of(found(cluster, group, driver, agents.getFirst()));
  }

  /** Of the pod's own SPIRE, or else of the one in whose namespace the driver is. */
  private static List<Component> meant(
      ClusterCase cluster, Pod pod, CsiDriver driver, List<Component> there) {
    Optional<InstallationCase> home = cluster.home(pod);
    List<Component> its =
        there.stream()
            .filter(
                one ->
                    home.map(cluster.home(one)::equals)
                        .orElseGet(() -> one.namespace().equals(driver.pod().meta().namespace())))
            .toList();
    return its.isEmpty() ? there : its;
  }

  /** One of them may be a part of the other: then paths differ, and not directories. */
  private static boolean holds(String directory, Component agents) {
    Path its = AgentSockets.normal(agents.socketDirectory().orElseThrow());
    Path handed = AgentSockets.normal(directory);
    return its.startsWith(handed) || handed.startsWith(its);
  }

  private Outcome found(ClusterCase cluster, PodGroup group, CsiDriver driver, Component agents) {
    String socket = agents.socketOnNode().orElseThrow();
    String handed =
        driver.directory().orElse("a directory of its own pod, which no agent has a part in");
    Finding.Builder finding =
        group
            .error(this)
            .seen("CSI driver " + driver.pod().inWords(), "hands out " + handed)
            .seen(agents.inWords(), "has its socket on the node at " + socket);
    maker(cluster, driver.pod()).ifPresent(owner -> repair(finding, driver, agents, owner));
    restart(group.first()).ifPresent(finding::remedy);
    return finding.found(
        "The SPIFFE CSI driver hands out "
            + handed
            + ", but the agents have their socket in "
            + AnyPath.directory(AnyPath.of(socket)));
  }

  private static void repair(
      Finding.Builder finding, CsiDriver driver, Component agents, Owner owner) {
    if (owner.meta().labels().getOrDefault("helm.sh/chart", "").startsWith("spiffe-csi-driver")) {
      finding.remedy(
          new Remedy.Advice(
              "In the values of the Helm release give spiffe-csi-driver.agentSocketPath and"
                  + " spire-agent.socketPath the same path; the release sets back what is changed"
                  + " by hand"));
    }
    String directory = Manifests.onNode(agents.socketDirectory().orElseThrow());
    driver
        .volume()
        .filter(_ -> agents.isCorroborated() && directory.startsWith("/"))
        .ifPresent(
            volume ->
                finding.remedy(
                    new Remedy.Command(
                        "Let the driver hand out the directory of the agents' socket",
                        Kubectl.merge(
                            owner,
                            "{\"spec\":{\"template\":{\"spec\":{\"volumes\":[{\"name\":"
                                + Manifests.quoted(volume)
                                // Else the volume would be of two kinds.
                                + (driver.keepsDirectory() ? ",\"emptyDir\":null" : "")
                                + ",\"hostPath\":{\"path\":"
                                + Manifests.quoted(directory)
                                + ",\"type\":\"DirectoryOrCreate\"}}]}}}}"))));
  }

  private static Optional<Remedy> restart(Pod pod) {
    return pod.meta().owners().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Remedy.Command(
                "Then replace the pod: what it has mounted stays as it is", Kubectl.delete(pod)));
  }

  private static Optional<Owner> maker(ClusterCase cluster, Pod pod) {
    return cluster.evidence().owners().stream()
        .filter(o -> pod.meta().owners().stream().anyMatch(of -> of.uid().equals(o.meta().uid())))
        .findFirst();
  }
}
