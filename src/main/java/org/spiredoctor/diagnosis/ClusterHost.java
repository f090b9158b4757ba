package org.spiredoctor.diagnosis;

import java.util.List;
import java.util.Optional;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.kube.Kind;

/** The Service that a host's name means in a cluster. */
record ClusterHost(String namespace, String name) {

  /** Absent for addresses, and for names that may be of somewhere else. */
  static Optional<ClusterHost> of(String host, String home, ClusterEvidence evidence) {
    List<String> labels = List.of(host.replaceAll("\\.$", "").split("\\.", -1));
    if (host.isEmpty() || host.contains(":") || host.matches("[0-9.]+")) {
      return Optional.empty();
    }
    if (labels.size() == 1) {
      return Optional.of(new ClusterHost(home, labels.getFirst()));
    }
    boolean here =
        labels.size() == 2 ? namespaceExists(labels.get(1), evidence) : labels.get(2).equals("svc");
    return here ? Optional.of(new ClusterHost(labels.get(1), labels.getFirst())) : Optional.empty();
  }

  private static boolean namespaceExists(String name, ClusterEvidence evidence) {
    return evidence.snapshot().objects(Kind.NAMESPACE).seen().orElse(List.of()).stream()
        .anyMatch(json -> json.path("metadata").path("name").asText().equals(name));
  }
}
