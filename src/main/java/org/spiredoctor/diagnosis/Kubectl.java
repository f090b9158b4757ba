package org.spiredoctor.diagnosis;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.Owner;
import org.spiredoctor.kube.Pod;

/** Commands of {@code kubectl}, ready to paste. */
public final class Kubectl {
  private Kubectl() {}

  /** Any, word by word. */
  public static String command(String... words) {
    return "kubectl " + List.of(words).stream().map(Shell::quote).collect(Collectors.joining(" "));
  }

  /** Deletes a pod, so that its owner makes it anew. */
  public static String delete(Pod pod) {
    return command("delete", "pod", "-n", pod.meta().namespace(), pod.meta().name());
  }

  /** Replaces all pods of an owner. */
  public static String restart(Owner owner) {
    return about("rollout", "restart", owner);
  }

  /** Shows an object with its events. */
  public static String describe(String kind, Meta meta) {
    return command("describe", kind.toLowerCase(Locale.ROOT), "-n", meta.namespace(), meta.name());
  }

  /** Changes an owner by a JSON patch. */
  public static String patch(Owner owner, String operations) {
    return about("patch", owner) + " --type=json -p " + Shell.quote(operations);
  }

  private static String about(String verb, Owner owner) {
    return command(verb, "-n", owner.meta().namespace(), kindAndName(owner));
  }

  private static String about(String verb, String what, Owner owner) {
    return command(verb, what, "-n", owner.meta().namespace(), kindAndName(owner));
  }

  /** {@code daemonset/spire-agent}. */
  public static String kindAndName(Owner owner) {
    return owner.kind().toLowerCase(Locale.ROOT) + "/" + owner.meta().name();
  }
}
