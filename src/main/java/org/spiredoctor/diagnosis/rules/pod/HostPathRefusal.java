package org.spiredoctor.diagnosis.rules.pod;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Workloads;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;
import org.spiredoctor.kube.Volume;

/**
 * Directories of the node are forbidden: by PodSecurity, an OpenShift SCC, or a webhook that speaks
 * alike.
 *
 * @param podSecurity all that PodSecurity has against the pod; absent where it is another policy
 */
record HostPathRefusal(Optional<PodSecurity> podSecurity) implements VolumeRefusal {

  static Optional<VolumeRefusal> parse(String message) {
    return message.contains("hostPath")
            && (message.contains("violates PodSecurity")
                || message.contains("hostPath volumes are not allowed")
                || message.contains("security context constraint"))
        ? Optional.of(new HostPathRefusal(PodSecurity.parse(message)))
        : Optional.empty();
  }

  @Override
  public boolean concerns(ClusterCase cluster, Volume volume) {
    return Workloads.leadsToSocket(volume, cluster.socketDirectories());
  }

  @Override
  public String describe(
      ClusterCase cluster,
      Event event,
      Optional<PodOwner> owner,
      Optional<Component> spire,
      Finding.Builder finding) {
    List<PodSecurity.Violation> others =
        podSecurity.map(PodSecurity::others).orElse(List.<PodSecurity.Violation>of());
    if (spire.isEmpty()) {
      withoutHostPath(cluster, owner.map(PodOwner::template), others, finding);
    }
    if (event.message().contains("PodSecurity")) {
      Remedy allow =
          new Remedy.Command(
              spire.isPresent()
                  ? "Allow SPIRE's namespace what its agents need"
                  : "Or allow this namespace all",
              allowAll(event.namespace()));
      finding.remedy(spire.map(one -> Grants.to(one, allow)).orElse(allow));
    } else {
      finding.remedy(
          new Remedy.Advice(
              "Or give the pods' service account a security context constraint or a policy that"
                  + " allows hostPath volumes"));
    }
    return "A policy of the cluster forbids hostPath volumes in namespace "
        + event.namespace()
        + ", so these pods are not created"
        + podSecurity
            .filter(_ -> !others.isEmpty())
            .map(
                its ->
                    "; level "
                        + its.level()
                        + " of PodSecurity also forbids: "
                        + others.stream().map(PodSecurity.Violation::name).collect(joining(", ")))
            .orElse("");
  }

  static String allowAll(String namespace) {
    return Kubectl.command("label", "--overwrite", "namespace", namespace)
        + " pod-security.kubernetes.io/enforce=privileged";
  }

  /** What has to be changed in a workload, all of it: one violation is enough for a refusal. */
  private void withoutHostPath(
      ClusterCase cluster,
      Optional<Pod> template,
      List<PodSecurity.Violation> others,
      Finding.Builder finding) {
    String contexts = template.map(pod -> SecurityContexts.yaml(pod, others)).orElse("");
    String driver =
        AgentSockets.hasCsiDriver(cluster)
            ? "Mount the socket by the SPIFFE CSI driver, which such policies allow"
            : "Install the SPIFFE CSI driver, which such policies allow, and use it";
    finding.remedy(
        new Remedy.Patch(
            contexts.isEmpty() ? driver : driver + ", and meet the other requirements of the level",
            Manifests.csi("/spire-socket")));
    if (!contexts.isEmpty()) {
      finding.remedy(
          new Remedy.Patch(
              "Besides, since the volume alone is not enough (the image must run as a user other"
                  + " than root)",
              contexts));
    }
    List<String> foreign = foreign(cluster, template);
    String rest =
        Stream.concat(
                foreign.stream().map(name -> "hostPath volume " + name),
                others.stream()
                    .filter(one -> template.isEmpty() || !SecurityContexts.settles(one))
                    .map(one -> one.name() + " (" + one.detail() + ")"))
            .collect(joining(", "));
    if (!rest.isEmpty()) {
      finding.remedy(
          new Remedy.Advice("Also change what the level forbids besides the socket: " + rest));
    }
  }

  /** Volumes of the node that are no socket's, and so not replaced by the driver. */
  private List<String> foreign(ClusterCase cluster, Optional<Pod> template) {
    List<String> named = podSecurity.map(PodSecurity::hostPaths).orElse(List.<String>of());
    return template.stream()
        .flatMap(pod -> pod.volumes().stream())
        .filter(volume -> named.contains(volume.name()))
        .filter(volume -> !concerns(cluster, volume))
        .map(Volume::name)
        .toList();
  }
}
