package org.spiredoctor.registration;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;

/**
 * How a field of an entry differs from what is declared.
 *
 * @param field as a registration file calls it
 * @param removed values that are there and are not declared
 * @param added values that are declared and are not there
 */
public record FieldDifference(String field, List<String> removed, List<String> added) {

  /** {@code selectors: k8s:sa:web instead of k8s:sa:default}. */
  public String inWords() {
    String is = String.join(", ", added);
    String was = String.join(", ", removed);
    if (was.isEmpty()) {
      return field + ": " + is + " is missing";
    }
    return field + ": " + was + (is.isEmpty() ? " is too much" : " instead of " + is);
  }

  /** All differences of what is there from what is wanted; ids, hints and times of making apart. */
  public static List<FieldDifference> between(Entry there, Entry wanted) {
    List<FieldDifference> all = new ArrayList<>();
    Entry.Settings had = there.settings();
    Entry.Settings has = wanted.settings();
    add(all, "parentID", List.of(there.parentId()), List.of(wanted.parentId()));
    add(all, "selectors", texts(there), texts(wanted));
    add(all, "x509SVIDTTL", seconds(had.x509SvidTtl()), seconds(has.x509SvidTtl()));
    add(all, "jwtSVIDTTL", seconds(had.jwtSvidTtl()), seconds(has.jwtSvidTtl()));
    add(all, "federatesWith", sorted(there.federatesWith()), sorted(wanted.federatesWith()));
    // The first of them is the certificate's common name, so that their order counts.
    if (!had.dnsNames().equals(has.dnsNames())) {
      all.add(new FieldDifference("dnsNames", had.dnsNames(), has.dnsNames()));
    }
    add(all, "admin", flag(had.admin()), flag(has.admin()));
    add(all, "downstream", flag(there.downstream()), flag(wanted.downstream()));
    add(all, "storeSVID", flag(there.storeSvid()), flag(wanted.storeSvid()));
    add(all, "expiresAt", time(there.expiresAt()), time(wanted.expiresAt()));
    add(all, "jwtSVIDIncludeJTI", flag(had.jwtSvidIncludeJti()), flag(has.jwtSvidIncludeJti()));
    add(
        all,
        "disableX509SVIDPrefetch",
        flag(had.disableX509SvidPrefetch()),
        flag(has.disableX509SvidPrefetch()));
    return List.copyOf(all);
  }

  /** All differences of an entry from what it was or shall be, hint included; ids apart. */
  public static List<FieldDifference> ofAll(Entry there, Entry other) {
    List<FieldDifference> all = new ArrayList<>();
    add(all, "spiffeID", List.of(there.spiffeId()), List.of(other.spiffeId()));
    all.addAll(between(there, other));
    ofHint(there, other).ifPresent(all::add);
    return List.copyOf(all);
  }

  /** What of an entry is not as it is by default; its id, parent and selectors apart. */
  public static List<FieldDifference> fromDefaults(Entry entry) {
    List<FieldDifference> all =
        new ArrayList<>(
            between(Entry.of(entry.spiffeId(), entry.parentId(), entry.selectors()), entry));
    if (!entry.hint().isEmpty()) {
      all.add(new FieldDifference("hint", List.of(), List.of(entry.hint())));
    }
    return List.copyOf(all);
  }

  /** Of hints; they differ only where one is declared. */
  static Optional<FieldDifference> ofHint(Entry there, Entry wanted) {
    return there.hint().equals(wanted.hint())
        ? Optional.empty()
        : Optional.of(new FieldDifference("hint", List.of(there.hint()), List.of(wanted.hint())));
  }

  private static void add(
      List<FieldDifference> all, String field, List<String> there, List<String> wanted) {
    if (!there.equals(wanted)) {
      all.add(
          new FieldDifference(
              field,
              there.stream().filter(value -> !wanted.contains(value)).toList(),
              wanted.stream().filter(value -> !there.contains(value)).toList()));
    }
  }

  private static List<String> texts(Entry entry) {
    return new TreeSet<>(entry.selectors()).stream().map(Selector::toString).toList();
  }

  private static List<String> sorted(List<String> texts) {
    return texts.stream().sorted().toList();
  }

  private static List<String> seconds(int ttl) {
    return List.of(ttl == 0 ? "the server's default" : ttl + "s");
  }

  private static List<String> flag(boolean is) {
    return List.of(String.valueOf(is));
  }

  private static List<String> time(Optional<Instant> end) {
    return Stream.of(end.map(Instant::toString).orElse("never")).toList();
  }
}
