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
 * @param revision raised by the server with every update; 0 where it is unknown, and of an entry
 *     that was never updated
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
    Settings settings,
    long revision) {

  /** One of an unknown revision. */
  public Entry(
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
    this(
        id,
        spiffeId,
        parentId,
        selectors,
        expiresAt,
        createdAt,
        downstream,
        storeSvid,
        hint,
        federatesWith,
        settings,
        0);
  }

  /**
   * What else an update has to carry along.
   *
   * @param x509SvidTtl in seconds; 0 for the server's default
   * @param jwtSvidTtl in seconds; 0 for the server's default
   * @param jwtSvidIncludeJti whether each JWT-SVID has its own {@code jti}; SPIRE 1.15 and later
   * @param disableX509SvidPrefetch whether agents ask for the SVID only when a workload does; SPIRE
   *     1.15 and later
   */
  public record Settings(
      boolean admin,
      int x509SvidTtl,
      int jwtSvidTtl,
      List<String> dnsNames,
      boolean jwtSvidIncludeJti,
      boolean disableX509SvidPrefetch) {
    /** The defaults. */
    public static final Settings NONE = new Settings(false, 0, 0, List.of(), false, false);
  }

  /** What a server wants to be unique when an entry is made ("similar entry already exists"). */
  public record Key(String spiffeId, String parentId, Set<Selector> selectors) {}

  /** What tells it from all others. */
  public Key key() {
    return new Key(spiffeId, parentId, selectors);
  }

  /** One that is not of a server yet, with the defaults. */
  public static Entry of(String spiffeId, String parentId, Set<Selector> selectors) {
    return new Entry(
        "",
        spiffeId,
        parentId,
        Set.copyOf(selectors),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        "",
        List.of(),
        Settings.NONE);
  }

  /** The same under another parent and with other selectors. */
  public Entry moved(String parent, Set<Selector> to) {
    return copy(id, parent, to, expiresAt, hint, federatesWith);
  }

  /** The same with other trust domains to trust. */
  public Entry federatingWith(List<String> domains) {
    return copy(id, parentId, selectors, expiresAt, hint, domains);
  }

  /** The same without an end. */
  public Entry withoutEnd() {
    return copy(id, parentId, selectors, Optional.empty(), hint, federatesWith);
  }

  /** The same, served by the Workload API instead of being put into a store. */
  public Entry unstored() {
    return new Entry(
        id,
        spiffeId,
        parentId,
        selectors,
        expiresAt,
        createdAt,
        downstream,
        false,
        hint,
        federatesWith,
        settings,
        revision);
  }

  /** The same with another id and hint. */
  public Entry named(String entryId, String itsHint) {
    return copy(entryId, parentId, selectors, expiresAt, itsHint, federatesWith);
  }

  private Entry copy(
      String entryId,
      String parent,
      Set<Selector> by,
      Optional<Instant> end,
      String itsHint,
      List<String> domains) {
    return new Entry(
        entryId,
        spiffeId,
        parent,
        Set.copyOf(by),
        end,
        createdAt,
        downstream,
        storeSvid,
        itsHint,
        List.copyOf(domains),
        settings,
        revision);
  }

  /** Whether it was still valid at a time. */
  public boolean expiredAt(Instant time) {
    return expiresAt.isPresent() && !expiresAt.get().isAfter(time);
  }

  /** Whether its parent is the server, so that it stands for nodes and not for workloads. */
  public boolean forNodes() {
    return SpiffeIds.isServer(parentId);
  }

  /**
   * Whether it lets its workload command the server (admin) or sign for the trust domain
   * (downstream).
   */
  public boolean privileged() {
    return settings.admin() || downstream;
  }

  /** {@code entry 2f0c… (spiffe://example.org/web)}. */
  public String inWords() {
    return "entry " + id + " (" + spiffeId + ")";
  }
}
