package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The objects that a remedy changes, by what its commands do. */
final class ChangedObjects {
  /** How {@code kubectl} is told of what may be managed, and how Kubernetes writes it. */
  private static final Map<String, String> KINDS =
      Map.of(
          "daemonset", "DaemonSet",
          "statefulset", "StatefulSet",
          "deployment", "Deployment",
          "configmap", "ConfigMap",
          "service", "Service",
          "clusterspiffeid", "ClusterSPIFFEID",
          "clusterstaticentry", "ClusterStaticEntry");

  private static final Set<String> VERBS = Set.of("patch", "edit", "set", "scale", "delete");

  private static final Set<String> OPERATORS = Set.of("|", "&&", ";");

  /** Flags whose value is the next word. */
  private static final Set<String> WITH_VALUE = Set.of("-n", "-p", "-o", "-c", "-l");

  private ChangedObjects() {}

  /** Of a remedy of a finding about {@code subject}. */
  static List<Subject> of(Remedy remedy, Subject subject) {
    return switch (remedy) {
      case Remedy.Command command -> changed(command.command());
      case Remedy.Declaration declaration -> changed(declaration.command());
      case Remedy.Patch patch -> List.of(patch.of().orElse(subject));
      case Remedy.EntryChange _, Remedy.Advice _ -> List.of();
    };
  }

  private static List<Subject> changed(String line) {
    List<Subject> changed = new ArrayList<>();
    List<String> command = new ArrayList<>();
    for (String word : Shell.words(line + " ;")) {
      if (OPERATORS.contains(word)) {
        object(command).ifPresent(changed::add);
        command.clear();
      } else {
        command.add(word);
      }
    }
    return changed;
  }

  /** Of {@code kubectl VERB -n NAMESPACE KIND NAME}, or with {@code KIND/NAME}. */
  private static Optional<Subject> object(List<String> command) {
    if (command.isEmpty() || !command.getFirst().equals("kubectl")) {
      return Optional.empty();
    }
    int n = command.indexOf("-n");
    Optional<String> namespace =
        n < 0 || n + 1 == command.size() ? Optional.empty() : Optional.of(command.get(n + 1));
    List<String> words = new ArrayList<>();
    for (int i = 1; i < command.size(); i++) {
      String word = command.get(i);
      if (WITH_VALUE.contains(word)) {
        i++;
      } else if (!word.startsWith("-")) {
        words.addAll(List.of(word.split("/", 2)));
      }
    }
    // What is set, such as the image, comes before the object.
    int at = words.isEmpty() || !words.getFirst().equals("set") ? 1 : 2;
    return words.size() < at + 2 || !VERBS.contains(words.getFirst())
        ? Optional.empty()
        : Optional.ofNullable(KINDS.get(words.get(at)))
            .map(kind -> new Subject(kind, namespace, words.get(at + 1)));
  }
}
