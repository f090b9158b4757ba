package org.spiredoctor.diagnosis.rules.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;
import org.spiredoctor.kube.Volume;

/**
 * A path that a server's user is not allowed to write: on which volume it is, and who it is.
 *
 * @param readOnlyClaim whether the pod's volume for the claim is read-only, wherever it is mounted
 */
record NotWritable(
    Component server,
    Pod pod,
    String path,
    Optional<MountPoint> mount,
    Optional<Long> fsGroup,
    boolean readOnlyClaim) {

  static NotWritable of(ClusterEvidence evidence, Component server, Pod pod, String path) {
    Optional<JsonNode> raw =
        evidence.snapshot().objects(Kind.POD).seen().orElse(List.of()).stream()
            .filter(json -> json.at("/metadata/uid").asText().equals(pod.meta().uid()))
            .findFirst();
    Optional<Long> fsGroup =
        raw.map(json -> json.at("/spec/securityContext/fsGroup"))
            .filter(JsonNode::isIntegralNumber)
            .map(JsonNode::asLong);
    Optional<MountPoint> mount = server.mount(pod, path);
    boolean readOnlyClaim =
        mount.isPresent()
            && raw.stream()
                .flatMap(json -> json.at("/spec/volumes").valueStream())
                .filter(volume -> volume.path("name").asText().equals(mount.get().volume()))
                .anyMatch(volume -> volume.at("/persistentVolumeClaim/readOnly").asBoolean());
    return new NotWritable(server, pod, path, mount, fsGroup, readOnlyClaim);
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
    if (isReadOnly()) {
      finding.seen(
          source,
          readOnlyClaim
              ? "volume " + mount.orElseThrow().volume() + " is readOnly: true"
              : "volume "
                  + mount.orElseThrow().volume()
                  + " is mounted at "
                  + mount.orElseThrow().path()
                  + " with readOnly: true");
    }
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

  /** Whether nobody can write there, whatever owner and mode say. */
  private boolean isReadOnly() {
    return readOnlyClaim || mount.filter(MountPoint::readOnly).isPresent();
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
    if (isReadOnly()) {
      return writable(mount.orElseThrow());
    }
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

  private Remedy writable(MountPoint at) {
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    if (at.readOnly()) {
      spec.putArray("containers")
          .addObject()
          .put("name", server.container())
          .putArray("volumeMounts")
          .addObject()
          .put("mountPath", at.path())
          .put("readOnly", false);
    }
    if (readOnlyClaim && volume().orElse(null) instanceof Volume.Claim claim) {
      spec.putArray("volumes")
          .addObject()
          .put("name", at.volume())
          .putObject("persistentVolumeClaim")
          .put("claimName", claim.claim())
          .put("readOnly", false);
    }
    String what = "Let the server write its volume " + at.volume() + ": take readOnly away";
    return server
        .owner()
        .<Remedy>map(
            owner ->
                new Remedy.Command(
                    what,
                    Kubectl.merge(owner, "{\"spec\":{\"template\":{\"spec\":" + spec + "}}}")))
        .orElseGet(() -> new Remedy.Advice(what + " from its mount in the pod"));
  }

  private static Remedy owned(PodOwner owner, long group) {
    return new Remedy.Command(
        "Let Kubernetes give the volume to the server's group",
        Kubectl.merge(
            owner,
            "{\"spec\":{\"template\":{\"spec\":{\"securityContext\":{\"fsGroup\":%d}}}}}"
                .formatted(group)));
  }
}
