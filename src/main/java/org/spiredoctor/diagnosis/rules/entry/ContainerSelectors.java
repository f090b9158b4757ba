package org.spiredoctor.diagnosis.rules.entry;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.identity.Selector;

/**
 * The agents leave out the selectors of containers ({@code disable_container_selectors}), and an
 * entry asks for some: no container of any pod has them.
 *
 * @param wanted those of the entry that no agent computes, in its order
 */
record ContainerSelectors(Set<Selector> wanted) {
  private static final String SETTING = "disable_container_selectors";
  private static final Set<String> SUBJECTS = Set.of("k8s:container-name", "k8s:container-image");

  /** Where they are all that keeps the entry of a pod from it that no agent computes. */
  static Optional<ContainerSelectors> disabled(PodEntryMatch one) {
    Set<Selector> never = new LinkedHashSet<>();
    for (Selector selector : one.entryMatch().entry().selectors()) {
      if (one.home().selectors().attestors().never(selector).isPresent()) {
        never.add(selector);
      }
    }
    return never.isEmpty() || !never.stream().allMatch(s -> SUBJECTS.contains(s.subject()))
        ? Optional.empty()
        : Optional.of(new ContainerSelectors(never));
  }

  /** The setting off, or the selectors out: that gives the other containers the identity too. */
  List<Remedy> remedies(ClusterEvidence evidence, PodEntryMatch one) {
    List<Remedy> remedies = new ArrayList<>();
    one.home().installation().agents().stream()
        .map(
            agents -> {
              String what =
                  "Let the agents compute the selectors of containers: set "
                      + SETTING
                      + " to false";
              return ConfigEdit.of(evidence, agents)
                  .flatMap(edit -> edit.replace(SETTING, "true", "false"))
                  .<Remedy>map(command -> new Remedy.Command(what, command))
                  .orElseGet(
                      () ->
                          new Remedy.Patch(
                              what,
                              "WorkloadAttestor \"k8s\" {\n  plugin_data {\n    "
                                  + SETTING
                                  + " = false\n  }\n}\n",
                              Optional.of(Subject.of(agents))));
            })
        .forEach(remedies::add);
    Set<Selector> rest = new LinkedHashSet<>(one.entryMatch().entry().selectors());
    rest.removeAll(wanted);
    remedies.add(
        new Remedy.Advice(
            "Or take "
                + wanted.stream().map(Selector::toString).collect(joining(" and "))
                + " out of "
                + one.entryMatch().entry().inWords()
                + (rest.isEmpty()
                    ? ", and put selectors of the pod in its place"
                    : ": then every container of the pods with "
                        + rest.stream().map(Selector::toString).collect(joining(" and "))
                        + " gets its identity")));
    return remedies;
  }
}
