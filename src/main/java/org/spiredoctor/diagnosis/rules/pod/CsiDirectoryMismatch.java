package org.spiredoctor.diagnosis.rules.pod;

import static java.util.stream.Collectors.joining;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.CsiDriver;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;
import org.spiredoctor.kube.Volume;

/**
 * The SPIFFE CSI driver of a node hands out another directory than the one in which the node's
 * agents have their socket: pods mount it without an error, and find nothing in it.
 */
@AutoService(Rule.class)
public final class CsiDirectoryMismatch implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(cluster.evidence().pods(), _ -> outcomes(cluster));
  }

  private List<Outcome> outcomes(ClusterCase cluster) {
    Map<String, List<Component>> agents = byNode(cluster);
    Map<String, List<Pod>> astray = new LinkedHashMap<>();
    Map<String, CsiVerdict.Differs> drivers = new HashMap<>();
    Set<String> untold = new LinkedHashSet<>();
    for (Pod pod : cluster.examined()) {
      List<Component> there = agents.getOrDefault(pod.node(), List.of());
      for (Volume.Csi volume : CsiVolumes.of(pod).filter(_ -> !pod.over()).toList()) {
        switch (CsiVerdict.of(cluster, pod, volume, there)) {
          case CsiVerdict.Fits _ -> {}
          case CsiVerdict.Untold(String what) -> untold.add(what);
          case CsiVerdict.Differs differs -> {
            String owner = key(cluster, differs);
            drivers.putIfAbsent(owner, differs);
            astray.computeIfAbsent(owner, _ -> new ArrayList<>()).add(pod);
          }
        }
      }
    }
    List<Outcome> outcomes = new ArrayList<>(Outcome.unknown(untold.stream()));
    astray.forEach(
        (owner, pods) ->
            Optional.ofNullable(drivers.get(owner))
                .ifPresent(differs -> outcomes.add(found(cluster, pods, differs))));
    return outcomes;
  }

  /** What is rolled out may be right on one node already, and differ from node to node. */
  private static String key(ClusterCase cluster, CsiVerdict.Differs differs) {
    return subject(cluster, differs.driver())
        + " "
        + differs.driver().directory()
        + " "
        + differs.agents().stream().map(Component::socketOnNode).toList();
  }

  /** The owner of the driver's pods, since all that it hands out is wrong. */
  private static Subject subject(ClusterCase cluster, CsiDriver driver) {
    return owner(cluster, driver.pod())
        .map(o -> new Subject(o.kind(), Optional.of(o.meta().namespace()), o.meta().name()))
        .orElseGet(() -> Subject.of(driver.pod()));
  }

  private static Map<String, List<Component>> byNode(ClusterCase cluster) {
    Map<String, List<Component>> nodes = new HashMap<>();
    for (Component agents : cluster.evidence().agents()) {
      agents.pods().stream()
          .map(Pod::node)
          .distinct()
          .forEach(node -> nodes.computeIfAbsent(node, _ -> new ArrayList<>()).add(agents));
    }
    return nodes;
  }

  private Outcome found(ClusterCase cluster, List<Pod> pods, CsiVerdict.Differs differs) {
    CsiDriver driver = differs.driver();
    String handed =
        driver.directory().orElse("a directory of its own pod, which no agent has a part in");
    Finding.Builder finding =
        Finding.error(this, subject(cluster, driver), cluster.scope(pods))
            .seen("CSI driver " + driver.pod().inWords(), "hands out " + handed);
    differs
        .agents()
        .forEach(agents -> finding.seen(agents.inWords(), "has its socket at " + socket(agents)));
    finding
        .seen("pods that it serves", names(pods))
        .remedy(
            new Remedy.Advice(
                "Give driver and agents the same directory of the node, a hostPath, or in one pod"
                    + " the same volume"));
    owner(cluster, driver.pod()).ifPresent(owner -> repair(finding, differs, owner));
    finding.remedy(
        new Remedy.Advice(
            "Then replace the pods that it serves: what they have mounted stays as it is"));
    return finding.found(
        "The SPIFFE CSI driver hands out "
            + handed
            + ", but the agents have their socket at "
            + differs.agents().stream()
                .map(CsiDirectoryMismatch::socket)
                .distinct()
                .collect(joining(" or ")));
  }

  private static String socket(Component agents) {
    return agents
        .socketOnNode()
        .orElseGet(() -> agents.socketInContainer().orElse("") + " in its pod");
  }

  private static void repair(Finding.Builder finding, CsiVerdict.Differs differs, PodOwner owner) {
    CsiDriver driver = differs.driver();
    byManager(owner).map(Remedy.Advice::new).ifPresent(finding::remedy);
    // What is nobody's but the agents' of the driver's own SPIRE.
    String directory =
        differs.agents().stream()
            .filter(agents -> differs.agents().size() == 1 && agents.isCorroborated())
            .filter(agents -> agents.namespace().equals(owner.meta().namespace()))
            .findFirst()
            .flatMap(Component::socketDirectory)
            .map(Manifests::onNode)
            .filter(d -> d.startsWith("/"))
            .orElse("");
    driver
        .volume()
        .filter(_ -> !directory.isEmpty() && driver.handsOutVolume())
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

  /** What lasts, where SPIRE's chart or OpenShift's operator made the driver. */
  private static Optional<String> byManager(PodOwner owner) {
    Map<String, String> labels = owner.meta().labels();
    if (labels.getOrDefault("helm.sh/chart", "").startsWith("spiffe-csi-driver")) {
      return Optional.of(
          "In the values of the Helm release give spiffe-csi-driver.agentSocketPath and"
              + " spire-agent.socketPath the same path");
    }
    return Optional.ofNullable(labels.get("app.kubernetes.io/managed-by"))
        .filter("zero-trust-workload-identity-manager"::equals)
        .map(
            _ ->
                "Give the custom resources SpiffeCSIDriver (agentSocketPath) and SpireAgent"
                    + " (socketPath), both named cluster, the same directory");
  }

  private static Optional<PodOwner> owner(ClusterCase cluster, Pod pod) {
    return cluster.evidence().owners().stream()
        .filter(owner -> pod.meta().isOwnedBy(owner.meta().uid()))
        .findFirst();
  }

  private static String names(List<Pod> pods) {
    return pods.stream().limit(3).map(Pod::inWords).collect(joining(", "))
        + (pods.size() > 3 ? " and " + (pods.size() - 3) + " more" : "");
  }
}
