package org.spiredoctor.diagnosis;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;
import org.spiredoctor.pod.PodEnvironment;

/** Commands of {@code kubectl}, ready to paste. */
public final class Kubectl {
  private Kubectl() {}

  /** Any, word by word. */
  public static String command(String... words) {
    return command(List.of(words));
  }

  /** Any, word by word. */
  public static String command(List<String> words) {
    return "kubectl " + words.stream().map(Shell::quote).collect(Collectors.joining(" "));
  }

  /**
   * One whose beginning is known.
   *
   * @param beginning words with a space between them, which need no quotes
   */
  public static String line(String beginning, String... words) {
    return command(List.of(beginning.split(" ")), words);
  }

  private static String command(List<String> words, String... more) {
    return command(Stream.concat(words.stream(), Stream.of(more)).toList());
  }

  /** {@code kubectl VERB KIND -n NAMESPACE NAME}, and its options. */
  public static String about(String verb, String kind, Meta meta, String... options) {
    return command(List.of(verb, kind, "-n", meta.namespace(), meta.name()), options);
  }

  /** Shows the log of a pod. */
  public static String logs(Pod pod, String... options) {
    return command(List.of("logs", "-n", pod.meta().namespace(), pod.meta().name()), options);
  }

  /** Shows what the agents said lately, where they are as SPIRE's documentation installs them. */
  public static String agentLog(int lines) {
    return line("logs -n spire-system -l app=spire-agent", "--tail=" + lines, "--prefix");
  }

  /** Shows on which nodes agents run, and how they are. */
  public static String agentPods() {
    return line("get pods -A -o wide -l app=spire-agent");
  }

  /** Shows of the pod of this process what the k8s attestor goes by. */
  public static String showPod(PodEnvironment here) {
    String columns =
        "custom-columns=NS:.metadata.namespace,POD:.metadata.name,"
            + "SA:.spec.serviceAccountName,NODE:.spec.nodeName,LABELS:.metadata.labels";
    return here.namespace()
        .map(namespace -> line("get pod -n", namespace, here.hostname(), "-o", columns))
        .orElseGet(
            () ->
                line(
                    "get pods -A --field-selector",
                    "metadata.name=" + here.hostname(),
                    "-o",
                    columns));
  }

  /** Opens a config map in an editor. */
  public static String editConfigMap(String namespace, String name) {
    return line("edit configmap -n", namespace, name);
  }

  /** Applies what another command prints. */
  public static String apply(String printing) {
    return printing + " | " + line("apply -f -");
  }

  /** Creates an object, or changes the one that has its name. */
  public static String createOrChange(String... words) {
    return createOrChange(List.of(words));
  }

  private static String createOrChange(List<String> words, String... more) {
    List<String> create = Stream.concat(Stream.of("create"), words.stream()).toList();
    return apply(command(create, more) + " --dry-run=client -o yaml");
  }

  /**
   * Allows a service account something by a role of its own.
   *
   * @param account as {@code NAMESPACE:NAME}
   * @param namespace in which alone; absent for all of them
   */
  public static String allow(
      String role, String verbs, String resources, String account, Optional<String> namespace) {
    String kind = namespace.isEmpty() ? "clusterrole" : "role";
    String[] where = namespace.stream().flatMap(its -> Stream.of("-n", its)).toArray(String[]::new);
    return createOrChange(List.of(kind, role, "--verb=" + verbs, "--resource=" + resources), where)
        + " && "
        + createOrChange(
            List.of(
                kind + "binding", role, "--" + kind + "=" + role, "--serviceaccount=" + account),
            where);
  }

  /** Deletes a pod, so that its owner creates it again. */
  public static String delete(Pod pod) {
    return delete(List.of(pod));
  }

  /** Deletes pods of one namespace, so that their owner creates them again. */
  public static String delete(List<Pod> pods) {
    return command(
        List.of("delete", "pod", "-n", pods.getFirst().meta().namespace()),
        pods.stream().map(pod -> pod.meta().name()).toArray(String[]::new));
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
    return owner.onDelete() && !owner.selector().isEmpty()
        ? command("delete", "pod", "-n", owner.meta().namespace(), "-l", owner.selector())
        : about("rollout", "restart", owner);
  }

  /** What has its pods replaced after a change of the owner, where it does not do so itself. */
  public static String replaceAfterChange(PodOwner owner) {
    return owner.onDelete() ? " && " + restart(owner) : "";
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
    return about("describe", kind.toLowerCase(Locale.ROOT), meta);
  }

  /** Lets an owner create one pod. */
  public static String scaleToOne(PodOwner owner) {
    return about("scale", owner) + " --replicas=1";
  }

  /**
   * Changes fields of an owner's pods.
   *
   * @param fields of their spec, in JSON
   */
  public static String changePods(PodOwner owner, String fields) {
    return command(
            "-n",
            owner.meta().namespace(),
            "patch",
            kindAndName(owner),
            "--type=merge",
            "-p",
            "{\"spec\":{\"template\":{\"spec\":{" + fields + "}}}}")
        + replaceAfterChange(owner);
  }

  /** Gives a container of an owner's pods another image. */
  public static String setImage(PodOwner owner, String container, String image) {
    return command(
            "set",
            "image",
            "-n",
            owner.meta().namespace(),
            kindAndName(owner),
            container + "=" + image)
        + replaceAfterChange(owner);
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
