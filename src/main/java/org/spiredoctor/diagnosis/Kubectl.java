package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;

/** Commands of {@code kubectl}, ready to paste. */
public final class Kubectl {
  private Kubectl() {}

  /** Any, word by word. */
  public static String command(String... words) {
    return "kubectl " + List.of(words).stream().map(Shell::quote).collect(Collectors.joining(" "));
  }

  /** Deletes a pod, so that its owner makes it anew. */
  public static String delete(Pod pod) {
    return delete(List.of(pod));
  }

  /** Deletes pods of one namespace, so that their owner makes them anew. */
  public static String delete(List<Pod> pods) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("delete", "pod", "-n", pods.getFirst().meta().namespace()));
    pods.forEach(pod -> words.add(pod.meta().name()));
    return command(words.toArray(String[]::new));
  }

  /**
   * Replaces pods of one owner. Those of a Deployment have other names at the next change, so that
   * it is asked to replace all of its pods.
   */
  public static String replace(ClusterEvidence evidence, List<Pod> pods) {
    Meta one = pods.getFirst().meta();
    return evidence.owners().stream()
        .filter(owner -> owner.kind().equals("Deployment"))
        .filter(owner -> owner.meta().namespace().equals(one.namespace()))
        .filter(owner -> one.owners().stream().anyMatch(its -> isReplicaSet(its, owner)))
        .findFirst()
        .map(Kubectl::restart)
        .orElseGet(() -> delete(pods));
  }

  /** It has the name of its deployment and a hash. */
  private static boolean isReplicaSet(Meta.OwnerReference its, PodOwner deployment) {
    return its.kind().equals("ReplicaSet")
        && its.name().matches("\\Q" + deployment.meta().name() + "\\E-[a-z0-9]+");
  }

  /** Replaces all pods of an owner; some replace only what is deleted. */
  public static String restart(PodOwner owner) {
    return owner.onDelete() && !owner.matchLabels().isEmpty()
        ? command("delete", "pod", "-n", owner.meta().namespace(), "-l", labels(owner))
        : about("rollout", "restart", owner);
  }

  /** What has its pods replaced after a change of the owner, where it does not do so itself. */
  public static String replaceAfterChange(PodOwner owner) {
    return owner.onDelete() ? " && " + restart(owner) : "";
  }

  private static String labels(PodOwner owner) {
    return new TreeMap<>(owner.matchLabels())
        .entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(","));
  }

  /**
   * Replaces a component's pods, whether they are well or not. A stateful set waits for a broken
   * pod to become ready before it replaces it, and so is not asked to; nor is a deployment of a
   * server with a database in a file, as it would run the new pod beside the old one.
   */
  public static Optional<String> anew(Component component) {
    return component
        .owner()
        .filter(
            owner ->
                component.pods().isEmpty()
                    || !(owner.kind().equals("StatefulSet") || keepsFile(component)))
        .map(Kubectl::restart)
        .or(
            () ->
                component.pods().isEmpty()
                    ? Optional.empty()
                    : Optional.of(delete(component.pods())));
  }

  private static boolean keepsFile(Component component) {
    return component.role() == Component.Role.SERVER
        && ServerData.databaseType(component).filter("sqlite3"::equals).isPresent();
  }

  /** Shows an object with its events. */
  public static String describe(String kind, Meta meta) {
    return command("describe", kind.toLowerCase(Locale.ROOT), "-n", meta.namespace(), meta.name());
  }

  /** Changes an owner by a JSON patch. */
  public static String patch(PodOwner owner, String operations) {
    return about("patch", owner) + " --type=json -p " + Shell.quote(operations);
  }

  /**
   * Changes an owner, and so its pods, by what is to be in it; lists of containers and volumes are
   * joined by name.
   */
  public static String merge(PodOwner owner, String part) {
    return about("patch", owner) + " -p " + Shell.quote(part) + replaceAfterChange(owner);
  }

  private static String about(String verb, PodOwner owner) {
    return command(verb, "-n", owner.meta().namespace(), kindAndName(owner));
  }

  private static String about(String verb, String what, PodOwner owner) {
    return command(verb, what, "-n", owner.meta().namespace(), kindAndName(owner));
  }

  /** {@code daemonset/spire-agent}. */
  public static String kindAndName(PodOwner owner) {
    return owner.kind().toLowerCase(Locale.ROOT) + "/" + owner.meta().name();
  }
}
