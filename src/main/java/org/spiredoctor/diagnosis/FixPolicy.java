package org.spiredoctor.diagnosis;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Remedy.EntryChange;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;

/**
 * The one place that decides which changes of entries are offered, and which of them {@code check
 * --fix} makes. Apart from a missing node alias, which lets existing entries reach their pods, it
 * gives no pod an identity unless the user names the pod and the SPIFFE ID.
 */
public final class FixPolicy {
  /** What stands for a secret that was kept out: see {@code kube.Redaction}. */
  static final String REDACTED = "[redacted]";

  private static final Set<String> OWN = Set.of("k8s:ns", "k8s:sa");
  private static final Set<String> CONTAINER = Set.of("k8s:container-name", "k8s:container-image");

  /** What {@code --fix} does with a change. */
  public enum Consent {
    /** It asks, and {@code --yes} answers. */
    YES,
    /** It asks, and only a person at a terminal answers. */
    ASK,
    /** It is shown and never made. */
    SHOWN
  }

  /**
   * What is decided.
   *
   * @param why it is not made, or not by {@code --yes}; empty where it is
   */
  public record Decision(Consent consent, String why) {
    private static final Decision YES = new Decision(Consent.YES, "");
  }

  private FixPolicy() {}

  /** What {@code --fix} does with the first remedy of a finding. */
  public static Decision decide(Finding finding, EntryChange change) {
    if (change.impact().isEmpty()) {
      return shown("which pods it concerns is not known");
    }
    if (!change.impact().get().within().isEmpty()) {
      return shown(
          "which pods it concerns in other namespaces is not known: the pods of all namespaces could"
              + " not be listed");
    }
    if (!change.impact().get().privileged().isEmpty()) {
      return shown("admin and downstream entries are never changed or given to an agent");
    }
    if (finding.severity() != Severity.ERROR || finding.confidence() == Confidence.POSSIBLE) {
      return shown("this is not certain to be the cause");
    }
    if (change.named()) {
      return Decision.YES;
    }
    boolean certain = finding.confidence() == Confidence.CERTAIN;
    if (certain && change.ownAlias()) {
      return change.asked()
          ? Decision.YES
          : new Decision(
              Consent.ASK,
              "it also serves pods that you did not ask about; without --yes you are asked");
    }
    return certain && extendsOnly(change)
        ? new Decision(
            Consent.ASK, "--yes extends an entry only for a pod that is named with --spiffe-id")
        : shown(
            "it gives pods an identity, and is made only if you name each pod that gains by it, and"
                + " the identity with --spiffe-id");
  }

  private static Decision shown(String why) {
    return new Decision(Consent.SHOWN, why);
  }

  /** Whether an entry only lives longer. */
  private static boolean extendsOnly(EntryChange change) {
    return change
        .before()
        .filter(
            before ->
                before.expiresAt().isPresent()
                    && before.withoutEnd().equals(change.after().withoutEnd()))
        .isPresent();
  }

  /**
   * Why a change is not even offered as a command.
   *
   * @param model the entry that is changed, or that a new one is made after
   * @param seen whether it shows from outside if a pod has a selector
   */
  static Optional<String> refusal(Optional<Entry> model, Entry after, Predicate<Selector> seen) {
    if (Stream.concat(texts(after), model.stream().flatMap(FixPolicy::texts))
        .anyMatch(text -> text.contains(REDACTED))) {
      return Optional.of("part of it was redacted, so that what it would have to be is not known");
    }
    if (model.filter(Entry::privileged).isPresent()) {
      return Optional.of("it is an admin or downstream entry");
    }
    // Agents' selectors are all listed by the server.
    if (model.isEmpty() || after.forNodes()) {
      return Optional.empty();
    }
    Entry entry = model.get();
    for (Selector selector : entry.selectors()) {
      if (!after.selectors().contains(selector)) {
        boolean replaced =
            after.selectors().stream().anyMatch(s -> s.subject().equals(selector.subject()));
        if (OWN.contains(selector.subject())) {
          return Optional.of("it is for " + selector + ", to which the pod does not belong");
        }
        // Of a process user and group may be known; another kind is never exchanged.
        if (!seen.test(selector) && !(replaced && selector.type().equals("unix"))) {
          return Optional.of("whether a pod has " + selector + " cannot be seen from outside");
        }
        if (CONTAINER.contains(selector.subject()) && !scoped(after)) {
          return Optional.of("it is for one container, and would be for all");
        }
      }
    }
    return Optional.empty();
  }

  private static boolean scoped(Entry entry) {
    return entry.selectors().stream().anyMatch(s -> CONTAINER.contains(s.subject()));
  }

  private static Stream<String> texts(Entry entry) {
    return Stream.concat(
        Stream.of(entry.spiffeId(), entry.parentId(), entry.hint()),
        Stream.concat(
            entry.selectors().stream().map(Selector::toString),
            Stream.of(entry.federatesWith(), entry.settings().dnsNames()).flatMap(List::stream)));
  }
}
