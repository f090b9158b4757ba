package org.spiredoctor.evidence.cluster;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.kube.Pod;

/**
 * The SPIFFE CSI drivers of the nodes. Anybody who can make a pod can call it one: a driver counts
 * where its namespace is one of SPIRE's, or else where it can mount on its node.
 */
public final class CsiDrivers {
  private final Map<String, List<CsiDriver>> byNode;
  private final Set<String> namespaces = new HashSet<>();

  /** Those of a cluster. */
  public CsiDrivers(ClusterEvidence evidence) {
    this.byNode =
        CsiDriver.of(evidence.pods().seen().orElse(List.of())).stream()
            .filter(driver -> !driver.pod().over() && !driver.pod().meta().deleting())
            .collect(Collectors.groupingBy(driver -> driver.pod().node()));
    evidence.installations().stream()
        .flatMap(Installation::components)
        .filter(Component::isCorroborated)
        .forEach(component -> namespaces.add(component.namespace()));
  }

  /** All that run on a node, whoever made them. */
  public List<CsiDriver> on(String node) {
    return node.isEmpty() ? List.of() : byNode.getOrDefault(node, List.of());
  }

  /** Those of a name that run on a pod's node, or whose name is not known. */
  public List<CsiDriver> named(String name, Pod pod) {
    return on(pod.node()).stream()
        .filter(driver -> driver.name().equals(name) || driver.isUnnamed())
        .toList();
  }

  /** Whether a driver is a part of SPIRE, and does not only say so. */
  public boolean isCorroborated(CsiDriver driver) {
    return isInSpire(driver)
        || (driver.mountsOnNode()
            && named(driver.name(), driver.pod()).stream().noneMatch(this::isInSpire));
  }

  private boolean isInSpire(CsiDriver driver) {
    return namespaces.contains(driver.pod().meta().namespace());
  }
}
