package org.spiredoctor.diagnosis;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.Pod;

/**
 * What makes pods, as users know it: the Deployment, and not its replica sets or a CronJob's runs.
 */
public record Workload(String kind, String namespace, String name) {
  /** On the pods and replica sets of a Deployment: what its name is followed by. */
  private static final String HASH = "pod-template-hash";

  /**
   * A CronJob's name, and when the run was due: in minutes since 1970, before Kubernetes 1.21 in
   * seconds. A date, as people put it behind a name, is no such number.
   */
  private static final Pattern RUN = Pattern.compile("(.+)-(?:2[6-9]\\d{6}|[3-9]\\d{7}|1\\d{9})");

  /** A pod that nothing makes is one itself. */
  static Workload of(Pod pod) {
    Meta meta = pod.meta();
    return meta.owners().stream()
        .filter(Meta.OwnerReference::controller)
        // Of the pods that a node has by itself none is like another.
        .filter(owner -> !owner.kind().equals("Node"))
        .findFirst()
        .map(owner -> of(owner, meta))
        .orElseGet(() -> new Workload("Pod", meta.namespace(), meta.name()));
  }

  private static Workload of(Meta.OwnerReference owner, Meta pod) {
    if (owner.kind().equals("Job")) {
      Matcher run = RUN.matcher(owner.name());
      if (run.matches()) {
        return new Workload("CronJob", pod.namespace(), run.group(1));
      }
    }
    String end = "-" + pod.labels().getOrDefault(HASH, "");
    return owner.kind().equals("ReplicaSet") && end.length() > 1 && owner.name().endsWith(end)
        ? new Workload(
            "Deployment",
            pod.namespace(),
            owner.name().substring(0, owner.name().length() - end.length()))
        : new Workload(owner.kind(), pod.namespace(), owner.name());
  }

  /** Whether it is more than a pod. */
  boolean makesPods() {
    return !kind.equals("Pod");
  }

  /** {@code Deployment apps/web}. */
  public String inWords() {
    return kind + " " + namespace + "/" + name;
  }

  static Set<Workload> of(Collection<Pod> pods) {
    return pods.stream().map(Workload::of).collect(Collectors.toCollection(HashSet::new));
  }
}
