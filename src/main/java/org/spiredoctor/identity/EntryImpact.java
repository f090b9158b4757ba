package org.spiredoctor.identity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a change of an entry does: which pods are served an identity by it, before and after. For a
 * node alias these are the pods that are served the entries below it.
 *
 * @param before how many pods are served it now
 * @param after how many pods are served it after the change
 * @param exact whether all of its selectors can be seen from outside; if not, the numbers are the
 *     most that it can be
 * @param within the only namespaces whose pods are counted, where it may concern pods of others;
 *     else empty
 * @param gains who is served an identity that was not served it by these entries before
 * @param losses who is no longer served an identity by these entries
 * @param privileged SPIFFE IDs of the admin and downstream entries that an agent is given by it
 */
public record EntryImpact(
    int before,
    int after,
    boolean exact,
    List<String> within,
    List<Share> gains,
    List<Share> losses,
    List<String> privileged) {
  /** So many names are shown of each side. */
  public static final int SHOWN = 10;

  /**
   * An identity of a pod.
   *
   * @param pod as {@code apps/web-0}
   */
  public record Share(String pod, String spiffeId) {}

  /** {@code Served to 3 pods now, to 4 after: +1 -0}. */
  public String inShort() {
    long gained = gains.stream().map(Share::pod).distinct().count();
    long lost = losses.stream().map(Share::pod).distinct().count();
    return "Served to "
        + (exact ? "" : "at most ")
        + before
        + (before == 1 ? " pod" : " pods")
        + " now, to "
        + after
        + " after: +"
        + gained
        + " -"
        + lost
        + (within.isEmpty() ? "" : ", counted in namespaces " + namespaces() + " only");
  }

  /** What is not known of it, because the pods of some namespaces only were listed. */
  public Optional<String> unknown() {
    return within.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Which pods it concerns in other namespaces is not known: the pods of all namespaces"
                + " could not be listed");
  }

  /** The namespaces that are counted, in one line. */
  public String namespaces() {
    return String.join(", ", within);
  }

  /** The same, and in further sentences who gains and who loses which identity. */
  public List<String> inWords() {
    List<String> sentences = new ArrayList<>();
    sentences.add(inShort());
    unknown().ifPresent(sentences::add);
    byIdentity(gains).forEach((id, pods) -> sentences.add("Gains " + id + ": " + pods));
    byIdentity(losses).forEach((id, pods) -> sentences.add("Loses " + id + ": " + pods));
    privileged.stream()
        .limit(SHOWN)
        .forEach(id -> sentences.add("Gives agents the admin or downstream entry for " + id));
    return List.copyOf(sentences);
  }

  private static Map<String, String> byIdentity(List<Share> shares) {
    Map<String, String> pods = new LinkedHashMap<>();
    shares.stream()
        .limit(SHOWN)
        .collect(
            Collectors.groupingBy(
                Share::spiffeId,
                LinkedHashMap::new,
                Collectors.mapping(Share::pod, Collectors.joining(", "))))
        .forEach(pods::put);
    if (shares.size() > SHOWN) {
      String last = shares.get(SHOWN - 1).spiffeId();
      pods.merge(
          last, "and " + (shares.size() - SHOWN) + " more", (all, more) -> all + ", " + more);
    }
    return pods;
  }
}
