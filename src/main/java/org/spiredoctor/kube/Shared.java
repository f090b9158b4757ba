package org.spiredoctor.kube;

import java.util.List;
import java.util.Optional;

/**
 * Holds equal parts of pods once. What replicas of one template have in common is most of a pod:
 * labels, variables, mounts, volumes, conditions.
 */
public final class Shared {
  private final Once parts = new Once();

  /** An equal pod, whose parts are those of pods before it where they are equal. */
  public Pod pod(Pod pod) {
    return new Pod(
        meta(pod.meta()),
        one(pod.node()),
        one(pod.serviceAccount()),
        pod.hostPid(),
        pod.hostNetwork(),
        one(pod.runtimeClass()),
        one(pod.nodeSelector()),
        pod.containers().stream().map(this::container).toList(),
        one(pod.volumes()),
        one(pod.phase()),
        one(pod.reason()),
        one(pod.message()),
        one(pod.conditions()));
  }

  private Meta meta(Meta meta) {
    return new Meta(
        one(meta.namespace()),
        meta.name(),
        meta.uid(),
        one(meta.labels()),
        one(meta.annotations()),
        one(meta.owners()),
        one(meta.created()),
        meta.deleting());
  }

  private Container container(Container container) {
    return new Container(
        one(container.name()),
        container.role(),
        one(container.image()),
        one(container.command()),
        one(container.args()),
        one(container.env()),
        one(container.unseenEnv()),
        one(container.mounts()),
        one(container.user()),
        one(container.group()),
        one(container.supplementalGroups()),
        container.toldElsewhere(),
        one(container.firstAsked()),
        container.status().map(this::status));
  }

  private Container.Status status(Container.Status status) {
    return new Container.Status(
        one(status.image()),
        one(status.imageId()),
        status.containerId(),
        status.ready(),
        status.restarts(),
        one(status.state()),
        status.before());
  }

  private <T> T one(T part) {
    // Of the empty ones there is one each already.
    return (part instanceof List<?> list && list.isEmpty())
            || (part instanceof Optional<?> optional && optional.isEmpty())
        ? part
        : parts.one(part);
  }
}
