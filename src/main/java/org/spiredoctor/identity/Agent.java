package org.spiredoctor.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An agent, as the server lists it (types.Agent of SPIRE's API). That it is listed says nothing
 * about whether it is alive.
 *
 * @param id such as {@code spiffe://example.org/spire/agent/k8s_psat/demo/NODE-UID}
 * @param attestationType the node attestor, such as {@code k8s_psat}
 * @param selectors of the node
 * @param expiresAt when its SVID expires
 * @param version as it told the server; 1.15 and later
 */
public record Agent(
    String id,
    String attestationType,
    Set<Selector> selectors,
    boolean banned,
    boolean canReattest,
    Optional<Instant> expiresAt,
    Optional<String> version) {
  private static final Set<String> OF_KUBERNETES = Set.of("k8s_psat", "k8s_sat");

  /** Whether its SVID had expired at a time. */
  public boolean expiredAt(Instant time) {
    return expiresAt.isPresent() && !expiresAt.get().isAfter(time);
  }

  /** Whether the server gives it entries at a time. */
  public boolean validAt(Instant time) {
    return !banned && !expiredAt(time);
  }

  /** Of psat and sat: the logical name of the cluster. */
  public Optional<String> cluster() {
    return fact("cluster")
        .or(() -> inId().size() < 2 ? Optional.empty() : Optional.of(inId().getFirst()));
  }

  /** Of psat: the name of its node. */
  public Optional<String> nodeName() {
    return fact("agent_node_name");
  }

  /** Of psat: the UID of its node. */
  public Optional<String> nodeUid() {
    return fact("agent_node_uid").or(() -> byPod() ? Optional.empty() : psat());
  }

  /** Of psat: the UID of the pod that attested last. */
  public Optional<String> podUid() {
    return fact("agent_pod_uid").or(() -> byPod() ? psat() : Optional.empty());
  }

  /** Whether its id is that of a pod, so that a new pod is a new agent. */
  public boolean byPod() {
    List<String> parts = inId();
    return parts.size() == 3 && parts.get(1).equals("pod");
  }

  private Optional<String> psat() {
    return attestationType.equals("k8s_psat") && inId().size() > 1
        ? Optional.of(inId().getLast())
        : Optional.empty();
  }

  /** {@code CLUSTER/NODE-UID}, or {@code CLUSTER/pod/POD-UID}; empty of other attestors. */
  private List<String> inId() {
    String path = SpiffeIds.path(id);
    String its = "/spire/agent/" + attestationType + "/";
    return OF_KUBERNETES.contains(attestationType) && path.startsWith(its)
        ? List.of(path.substring(its.length()).split("/"))
        : List.of();
  }

  private Optional<String> fact(String key) {
    if (!OF_KUBERNETES.contains(attestationType)) {
      return Optional.empty();
    }
    for (Selector selector : selectors) {
      String value = selector.value();
      if (value.startsWith(key)
          && value.startsWith(":", key.length())
          && selector.type().equals(attestationType)) {
        return Optional.of(value.substring(key.length() + 1));
      }
    }
    return Optional.empty();
  }
}
