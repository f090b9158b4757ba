package org.spiredoctor.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A registration entry of a SPIRE server (types.Entry of SPIRE's API).
 *
 * @param id of the entry
 * @param spiffeId that it grants
 * @param parentId of the agent or node alias that may serve it
 * @param selectors all of which a workload must have
 * @param expiresAt when the server drops it
 * @param createdAt when it was made; servers before 1.9 do not tell
 * @param downstream whether it makes its workload an intermediate authority
 * @param storeSvid whether its SVIDs go to a store, and never over the Workload API
 * @param hint for workloads with several identities
 */
public record Entry(
    String id,
    String spiffeId,
    String parentId,
    Set<Selector> selectors,
    Optional<Instant> expiresAt,
    Optional<Instant> createdAt,
    boolean downstream,
    boolean storeSvid,
    String hint,
    List<String> federatesWith,
    Settings settings) {

  /**
   * What else an update has to carry along.
   *
   * @param x509SvidTtl in seconds; 0 for the server's default
   * @param jwtSvidTtl in seconds; 0 for the server's default
   */
  public record Settings(boolean admin, int x509SvidTtl, int jwtSvidTtl, List<String> dnsNames) {
    /** The defaults. */
    public static final Settings NONE = new Settings(false, 0, 0, List.of());
  }

  /** The same with other trust domains to trust. */
  public Entry federatingWith(List<String> domains) {
    return new Entry(
        id,
        spiffeId,
        parentId,
        selectors,
        expiresAt,
        createdAt,
        downstream,
        storeSvid,
        hint,
        List.copyOf(domains),
        settings);
  }

  /** Whether it was still valid at a time. */
  public boolean expiredAt(Instant time) {
    return expiresAt.isPresent() && !expiresAt.get().isAfter(time);
  }

  /** Whether its parent is the server, so that it stands for nodes and not for workloads. */
  public boolean forNodes() {
    return SpiffeIds.isServer(parentId);
  }

  /** {@code entry 2f0c… (spiffe://example.org/web)}. */
  public String inWords() {
    return "entry " + id + " (" + spiffeId + ")";
  }
}
