package org.spiredoctor.registration;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.identity.Selector;

/**
 * Which entries of a server may be changed. Everybody who registers at a server has the right to
 * change all of its entries, so what keeps one team from changing what another made are these
 * rules.
 *
 * @param owner whose entries may be changed and pruned
 * @param adopt whether entries of others are taken over
 * @param reselect whether an entry of the owner that has other selectors by now is given new ones;
 *     else one is created beside it
 * @param inUse entries that are not changed whoever made them, since a test run uses them
 * @param first entries whose identity a workload that has several gets first, if they are created
 */
public record Ownership(
    EntryOwner owner,
    boolean adopt,
    boolean reselect,
    Predicate<Entry> inUse,
    Predicate<Entry> first) {

  /** Of an owner who changes its own entries and no others. */
  public static Ownership of(EntryOwner owner) {
    return new Ownership(owner, false, true, _ -> false, _ -> false);
  }

  /** The same, or one that takes over what others made. */
  public Ownership adopting(boolean is) {
    return new Ownership(owner, is, reselect, inUse, first);
  }

  /**
   * Of a test run: what other runs use stays as it is.
   *
   * @param first entries for the tests' pod alone: others would lose their first identity by it
   */
  public static Ownership ofRun(EntryOwner owner, Predicate<Entry> inUse, Predicate<Entry> first) {
    return new Ownership(owner, false, false, inUse, first);
  }

  /**
   * The id for a new entry; empty where the server shall choose one. Agents sort identities by the
   * id of their entries (SPIRE, {@code pkg/agent/manager/cache}), and a client that does not choose
   * takes the first. No id that a server makes comes before this.
   */
  String newId(Entry entry) {
    return !entry.forNodes() && first.test(entry) ? "0-spire-doctor-" + UUID.randomUUID() : "";
  }

  /** Why an entry is not made what is declared; nothing when it may be. */
  Optional<String> objection(Entry there, Declared wanted) {
    if (inUse.test(there)) {
      return Optional.of("a test run that is alive uses it");
    }
    return adopt || mayChange(there, wanted)
        ? Optional.empty()
        : Optional.of(madeBy(there) + ": 'spire-doctor register --adopt' takes it over");
  }

  /**
   * Whether an entry is given the selectors that are declared, instead of one created beside it.
   */
  boolean mayReselect(Entry there, Declared wanted) {
    Entry entry = wanted.entry();
    boolean alike =
        there.settings().admin() == entry.settings().admin()
            && there.downstream() == entry.downstream();
    return reselect
        && !inUse.test(there)
        // What others made privileged is nothing to give to other workloads.
        && (mayChange(there, wanted) || (adopt && alike));
  }

  /** What is said when an entry of somebody else becomes the owner's. */
  Optional<String> takeover(Entry there) {
    return owns(there)
        ? Optional.empty()
        : Optional.of("takes over entry " + there.id() + ": " + madeBy(there));
  }

  private boolean mayChange(Entry there, Declared wanted) {
    boolean same = there.key().equals(wanted.entry().key());
    if (EntryOwner.NOBODY.made(there)) {
      // The mark of everybody who names no owner: it tells nothing of whose the entry is.
      return sameNamespace(there, wanted.entry()) || (same && owner.equals(EntryOwner.NOBODY));
    }
    // With a hint that is declared, the hint is the mark.
    boolean marked =
        wanted.hinted() && !there.hint().isEmpty() && there.hint().equals(wanted.entry().hint());
    return owner.made(there) || (same && marked);
  }

  /** Whether an entry is the owner's, so that it is pruned once it is declared no longer. */
  boolean owns(Entry there) {
    return owner.made(there);
  }

  private static boolean sameNamespace(Entry one, Entry other) {
    Set<String> namespaces = namespaces(one);
    return !namespaces.isEmpty() && namespaces.equals(namespaces(other));
  }

  /** The namespaces that an entry's selectors name. */
  static Set<String> namespaces(Entry entry) {
    return entry.selectors().stream()
        .filter(s -> s.type().equals("k8s") && s.value().startsWith("ns:"))
        .map(Selector::value)
        .map(value -> value.substring("ns:".length()))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String madeBy(Entry there) {
    return EntryOwner.of(there)
        .map(
            owner ->
                owner.equals(EntryOwner.NOBODY)
                    ? "it was registered without naming an owner"
                    : "it belongs to the owner " + owner.name())
        .orElse("somebody else created it, without spire-doctor");
  }
}
