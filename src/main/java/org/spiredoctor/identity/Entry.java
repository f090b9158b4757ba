package org.spiredoctor.identity;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A registration entry of a SPIRE server (types.Entry of SPIRE's API). There may be a million, so
 * each is held in little memory: no record, because its fields would be what its accessors return.
 */
public final class Entry {
  private static final long NEVER = Long.MIN_VALUE;
  private static final int UUID_LENGTH = 36;

  /** A text, or a UUID, which takes a third of its text. */
  private final Object id;

  private final String spiffeId;
  private final String parentId;
  private final Set<Selector> selectors;
  private final long expiresAt;
  private final long createdAt;
  private final boolean downstream;
  private final boolean storeSvid;
  private final String hint;
  private final List<String> federatesWith;
  private final Settings settings;
  private final long revision;

  /**
   * @param id of the entry
   * @param spiffeId that it grants
   * @param parentId of the agent or node alias that may serve it
   * @param selectors all of which a workload must have
   * @param expiresAt when the server drops it; SPIRE knows whole seconds only
   * @param createdAt when it was made; servers before 1.9 do not tell
   * @param downstream whether it makes its workload an intermediate authority
   * @param storeSvid whether its SVIDs go to a store, and never over the Workload API
   * @param hint for workloads with several identities
   * @param revision raised by the server with every update; 0 where it is unknown, and of an entry
   *     that was never updated
   */
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
      Settings settings,
      long revision) {
    this.id = compact(id);
    this.spiffeId = spiffeId;
    this.parentId = parentId;
    this.selectors = SmallSet.of(selectors);
    this.expiresAt = seconds(expiresAt);
    this.createdAt = seconds(createdAt);
    this.downstream = downstream;
    this.storeSvid = storeSvid;
    this.hint = hint;
    this.federatesWith = federatesWith;
    this.settings = settings;
    this.revision = revision;
  }

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

  private static Object compact(String id) {
    if (id.length() == UUID_LENGTH && id.charAt(8) == '-') {
      try {
        UUID uuid = UUID.fromString(id);
        return uuid.toString().equals(id) ? uuid : id;
      } catch (IllegalArgumentException e) {
        // The id of an entry may be any text.
        return id;
      }
    }
    return id;
  }

  private static long seconds(Optional<Instant> time) {
    return time.map(Instant::getEpochSecond).orElse(NEVER);
  }

  private static Optional<Instant> time(long seconds) {
    return seconds == NEVER ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
  }

  /** Its id. */
  public String id() {
    return id.toString();
  }

  /** The SPIFFE ID that it grants. */
  public String spiffeId() {
    return spiffeId;
  }

  /** The id of the agent or node alias that may serve it. */
  public String parentId() {
    return parentId;
  }

  /** What a workload must have, all of it. */
  public Set<Selector> selectors() {
    return selectors;
  }

  /** When the server drops it. */
  public Optional<Instant> expiresAt() {
    return time(expiresAt);
  }

  /** When it was created. */
  public Optional<Instant> createdAt() {
    return time(createdAt);
  }

  /** Whether it makes its workload an intermediate authority. */
  public boolean downstream() {
    return downstream;
  }

  /** Whether its SVIDs go to a store, and never over the Workload API. */
  public boolean storeSvid() {
    return storeSvid;
  }

  /** The hint for workloads with several identities. */
  public String hint() {
    return hint;
  }

  /** The trust domains whose bundles it gives to its workload. */
  public List<String> federatesWith() {
    return federatesWith;
  }

  /** What else an update has to carry along. */
  public Settings settings() {
    return settings;
  }

  /** How often it was updated. */
  public long revision() {
    return revision;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Entry entry
        && id.equals(entry.id)
        && key().equals(entry.key())
        && expiresAt == entry.expiresAt
        && createdAt == entry.createdAt
        && downstream == entry.downstream
        && storeSvid == entry.storeSvid
        && hint.equals(entry.hint)
        && federatesWith.equals(entry.federatesWith)
        && settings.equals(entry.settings)
        && revision == entry.revision;
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, spiffeId, parentId);
  }

  @Override
  public String toString() {
    return inWords() + " below " + parentId + " by " + selectors;
  }

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
        selectors,
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
    return copy(id(), parent, to, expiresAt(), hint, federatesWith);
  }

  /** The same with other trust domains to trust. */
  public Entry federatingWith(List<String> domains) {
    return copy(id(), parentId, selectors, expiresAt(), hint, domains);
  }

  /** The same without an end. */
  public Entry withoutEnd() {
    return copy(id(), parentId, selectors, Optional.empty(), hint, federatesWith);
  }

  /** The same, served by the Workload API instead of being put into a store. */
  public Entry unstored() {
    return new Entry(
        id(),
        spiffeId,
        parentId,
        selectors,
        expiresAt(),
        createdAt(),
        downstream,
        false,
        hint,
        federatesWith,
        settings,
        revision);
  }

  /** The same with another id and hint. */
  public Entry named(String entryId, String itsHint) {
    return copy(entryId, parentId, selectors, expiresAt(), itsHint, federatesWith);
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
        by,
        end,
        createdAt(),
        downstream,
        storeSvid,
        itsHint,
        List.copyOf(domains),
        settings,
        revision);
  }

  /** Whether it was still valid at a time. */
  public boolean expiredAt(Instant time) {
    return expiresAt != NEVER && !Instant.ofEpochSecond(expiresAt).isAfter(time);
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
