package org.spiredoctor.identity;

import java.time.Instant;
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

  /** Whether it runs on a node, as far as its attestation tells. */
  public boolean runsOn(String nodeName, String nodeUid) {
    return selectors.contains(new Selector("k8s_psat", "agent_node_name:" + nodeName))
        || selectors.contains(new Selector("k8s_sat", "agent_node_name:" + nodeName))
        || (!nodeUid.isEmpty() && id.endsWith("/" + nodeUid));
  }

  /** Whether its attestation tells the node's name. */
  public boolean tellsNode() {
    return attestationType.equals("k8s_psat");
  }

  /** Whether its SVID had expired at a time. */
  public boolean expiredAt(Instant time) {
    return expiresAt.isPresent() && !expiresAt.get().isAfter(time);
  }

  /** Of psat: the logical name of the cluster. */
  public Optional<String> cluster() {
    return selectors.stream()
        .filter(selector -> selector.value().startsWith("cluster:"))
        .map(Selector::object)
        .findFirst();
  }
}
