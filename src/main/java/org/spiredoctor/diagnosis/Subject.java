package org.spiredoctor.diagnosis;

import java.util.Optional;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Pod;

/**
 * What a finding is about.
 *
 * @param kind such as {@code Pod}, or {@code Endpoint} outside a pod
 * @param namespace of a namespaced object
 * @param name of the object
 * @param workload of a pod: its owner, up to the Deployment; absent where it has none
 */
public record Subject(
    String kind, Optional<String> namespace, String name, Optional<Workload> workload) {
  /** What is no pod, or a pod of which no more is known than its name. */
  public Subject(String kind, Optional<String> namespace, String name) {
    this(kind, namespace, name, Optional.empty());
  }

  /** The place from which the evidence was taken: this pod, or the endpoint outside of one. */
  public static Subject here(Evidence evidence) {
    return evidence.environment().inPod()
        ? new Subject("Pod", evidence.environment().namespace(), evidence.environment().hostname())
        : new Subject("Endpoint", Optional.empty(), evidence.query().address().text());
  }

  /** A pod of the cluster. */
  public static Subject of(Pod pod) {
    return new Subject(
        "Pod",
        Optional.of(pod.meta().namespace()),
        pod.meta().name(),
        Optional.of(Workload.of(pod)).filter(Workload::makesPods));
  }

  /** All of the cluster. */
  public static Subject cluster(ClusterEvidence evidence) {
    return new Subject(
        "Cluster", Optional.empty(), evidence.snapshot().cluster().seen().orElse(""));
  }

  /** A node of the cluster. */
  public static Subject node(String name) {
    return new Subject("Node", Optional.empty(), name);
  }

  /** Servers or agents, by their owner. */
  public static Subject of(Component component) {
    return component
        .owner()
        .map(o -> new Subject(o.kind(), Optional.of(o.meta().namespace()), o.meta().name()))
        .orElseGet(
            () ->
                component.pods().stream()
                    .findFirst()
                    .map(Subject::of)
                    .orElse(new Subject("Namespace", Optional.empty(), component.namespace())));
  }

  /** {@code Pod apps/web-0}. */
  public String inWords() {
    return kind + " " + namespace.map(ns -> ns + "/").orElse("") + name;
  }
}
