package org.spiredoctor.diagnosis.rules.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Container.MountPoint;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Owner;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/** A path that a server's user is not allowed to write: on which volume it is, and who it is. */
record NotWritable(
    Component server, Pod pod, String path, Optional<MountPoint> mount, Optional<Long> fsGroup) {

  static NotWritable of(ClusterEvidence evidence, Component server, Pod pod, String path) {
    Optional<Long> fsGroup =
        evidence.snapshot().objects(Kind.POD).seen().orElse(List.of()).stream()
            .filter(json -> json.at("/metadata/uid").asText().equals(pod.meta().uid()))
            .map(json -> json.at("/spec/securityContext/fsGroup"))
            .filter(JsonNode::isIntegralNumber)
            .map(JsonNode::asLong)
            .findFirst();
    return new NotWritable(server, pod, path, server.mount(pod, path), fsGroup);
  }

  private Optional<Volume> volume() {
    return mount.flatMap(at -> pod.volume(at.volume()));
  }

  private Optional<Long> user() {
    return server.role().container(pod).flatMap(Container::user);
  }

  private String userInWords() {
    return user().map(id -> "user " + id).orElse("the user of its image");
  }

  /** Quotes the volume, the user and the group. */
  Finding.Builder quote(Finding.Builder finding) {
    String source = "pod " + pod.inWords();
    return finding
        .seen(
            source,
            mount
                .map(
                    at ->
                        path
                            + " is on volume "
                            + at.volume()
                            + kind()
                            + ", mounted at "
                            + at.path())
                .orElse(path + " is on no volume"))
        .seen(
            source,
            "runs as "
                + userInWords()
                + ", "
                + fsGroup.map(id -> "fsGroup " + id).orElse("fsGroup is not set"));
  }

  private String kind() {
    return volume()
        .map(
            volume ->
                switch (volume) {
                  case Volume.HostPath host -> " (hostPath " + host.path() + ")";
                  case Volume.Claim claim -> " (persistentVolumeClaim " + claim.claim() + ")";
                  case Volume.Other other ->
                      other.kind().isEmpty() ? "" : " (" + other.kind() + ")";
                  case Volume.Csi _, Volume.ConfigMap _, Volume.Tokens _ -> "";
                })
        .orElse("");
  }

  /** What lets the server write there. */
  Remedy remedy() {
    if (volume().orElse(null) instanceof Volume.HostPath host) {
      return new Remedy.Advice(
          "Give "
              + userInWords()
              + " the directory "
              + host.path()
              + " on node "
              + pod.node()
              + ", by its owner or mode; fsGroup changes nothing on a hostPath. Or use a"
              + " persistentVolumeClaim");
    }
    if (mount.isEmpty()) {
      return new Remedy.Advice(
          "Mount a volume at the directory of " + path + " that " + userInWords() + " can write");
    }
    Optional<Long> group = server.role().container(pod).flatMap(Container::group).or(this::user);
    return group
        .filter(id -> id > 0 && fsGroup.isEmpty())
        .flatMap(id -> server.owner().map(owner -> Grants.to(server, owned(owner, id))))
        .orElseGet(
            () ->
                new Remedy.Advice(
                    "Give "
                        + userInWords()
                        + " the volume "
                        + mount.get().volume()
                        + ": set securityContext.fsGroup of the pod to a group of this user, or the"
                        + " owner of the volume's directory if its driver ignores fsGroup"));
  }

  private static Remedy owned(Owner owner, long group) {
    return new Remedy.Command(
        "Let Kubernetes give the volume to the server's group",
        Kubectl.merge(
            owner,
            "{\"spec\":{\"template\":{\"spec\":{\"securityContext\":{\"fsGroup\":%d}}}}}"
                .formatted(group)));
  }
}
