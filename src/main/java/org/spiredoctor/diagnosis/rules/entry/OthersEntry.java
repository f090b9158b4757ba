package org.spiredoctor.diagnosis.rules.entry;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.identity.Difference;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.identity.Selector;

/** Why the nearest entry of a pod is for others, and not to be changed so that it matches. */
final class OthersEntry {
  /** Whose workloads an entry is for. */
  private static final Set<String> BELONGING = Set.of("k8s:ns", "k8s:sa");

  private OthersEntry() {}

  /** By what it asks for. */
  static Optional<String> bySelectors(PodEntryMatch one) {
    return one.entryMatch().differences().stream()
        .map(OthersEntry::byDifference)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> byNoNamespace(one.entryMatch().entry()));
  }

  /** One that names no namespace is for whichever its author had in mind. */
  static Optional<String> byNoNamespace(Entry entry) {
    return entry.selectors().stream().anyMatch(s -> s.subject().equals("k8s:ns"))
        ? Optional.empty()
        : Optional.of("names no namespace, so it may be meant for pods of another");
  }

  /** Whether it is for others by its namespace or service account, and by no image. */
  static boolean onlyBelongsElsewhere(PodEntryMatch one) {
    List<Difference> differences = one.entryMatch().differences();
    return differences.stream().anyMatch(OthersEntry::isBelonging)
        && differences.stream().noneMatch(Difference::isOtherImage);
  }

  private static boolean isBelonging(Difference difference) {
    return BELONGING.contains(difference.wanted().subject());
  }

  private static Optional<String> byDifference(Difference difference) {
    Selector wanted = difference.wanted();
    if (isBelonging(difference)) {
      return Optional.of("belongs to " + wanted + ", which is not the pod's");
    }
    // Anybody can push an image of any name somewhere.
    return difference.isOtherImage()
        ? Optional.of("asks for " + wanted + ", and the pod runs no image of that repository")
        : Optional.empty();
  }

  /** By whom it serves. */
  static Optional<String> byService(boolean others) {
    return others ? Optional.of("serves other pods") : Optional.empty();
  }

  /** Whoever declared it would set it back, and may have meant others by it. */
  static Optional<String> byOwner(Entry entry) {
    return EntryOwner.of(entry)
        .map(
            owner ->
                "was created by spire-doctor"
                    + (owner.equals(EntryOwner.NOBODY) ? "" : " for " + owner.name())
                    + "; if it was meant for the pod, correct it where it is declared");
  }
}
