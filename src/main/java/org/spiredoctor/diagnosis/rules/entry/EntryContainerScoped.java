package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch;
import org.spiredoctor.identity.Selector;

/** An entry names a container, and another container of the pod asks. */
@AutoService(Rule.class)
public final class EntryContainerScoped implements Rule {
  private static final Set<String> CONTAINER = Set.of("k8s:container-name", "k8s:container-image");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Rivals.examine(
        this, cluster, EntryMatch.Kind.CONTAINER_SCOPED, EntryContainerScoped::finish);
  }

  private static Outcome finish(
      Optional<String> contested, PodEntryMatch one, Finding.Builder finding) {
    Entry entry = one.entryMatch().entry();
    finding.confidence(one.served().isPresent() ? Confidence.LIKELY : Confidence.CERTAIN);
    EntryRuleSupport.quote(one, finding);
    Optional<String> absent = absent(one);
    OthersEntry.byNoNamespace(entry)
        .or(() -> OthersEntry.byService(one.others()))
        .or(() -> contested)
        .or(
            () ->
                absent.map(name -> "asks for container " + name + ", which the pod does not have"))
        .filter(_ -> !matchesAnother(one))
        .ifPresentOrElse(
            why -> EntryRuleSupport.leave(one, why, finding), () -> second(one, entry, finding));
    return finding.found(
        "The entry for "
            + entry.spiffeId()
            + absent
                .map(name -> " asks for container " + name + ", which the pod does not have")
                .orElseGet(
                    () ->
                        " is for one container of the pod, and "
                            + one.container().role().inWords()
                            + " "
                            + one.container().name()
                            + " is another"));
  }

  /** The container that the entry is for, where the pod has none of its name. */
  private static Optional<String> absent(PodEntryMatch one) {
    return one.entryMatch().entry().selectors().stream()
        .filter(selector -> selector.subject().equals("k8s:container-name"))
        .map(Selector::object)
        .filter(name -> one.pod().containers().stream().noneMatch(its -> its.name().equals(name)))
        .findFirst();
  }

  /** The pod has the identity already, in another container. */
  private static boolean matchesAnother(PodEntryMatch one) {
    return one.home().selectors().ofEach(one.pod()).stream()
        .anyMatch(container -> container.containsAll(one.entryMatch().entry().selectors()));
  }

  /** A second entry of the same identity. */
  private static void second(PodEntryMatch one, Entry entry, Finding.Builder finding) {
    Set<Selector> selectors = new HashSet<>(entry.selectors());
    selectors.removeIf(s -> CONTAINER.contains(s.subject()));
    // By a container's name alone it would be for containers of anybody's pods.
    selectors.add(Selector.k8s("ns:" + one.pod().meta().namespace()));
    selectors.add(Selector.k8s("sa:" + one.pod().serviceAccount()));
    selectors.add(Selector.k8s("container-name:" + one.container().name()));
    finding
        .remedy(
            EntryRuleSupport.below(one, finding)
                .createLike(
                    "Create a second entry for container " + one.container().name(),
                    entry,
                    entry.spiffeId(),
                    EntryRuleSupport.parent(one),
                    selectors))
        .remedy(
            new Remedy.Advice(
                "The "
                    + entry.inWords()
                    + " is not changed: it is for one container, and every other container of its"
                    + " pods would gain its identity"));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ENTRY_NOT_SERVED);
  }
}
