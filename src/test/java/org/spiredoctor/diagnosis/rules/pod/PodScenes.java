package org.spiredoctor.diagnosis.rules.pod;

import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.kube.Kind;

/** Scenes of a pod that does not run, or whose volumes are refused. */
public final class PodScenes {
  public static final String ENV = "/spec/containers/0/env/0/value";
  public static final String NO_ACCOUNT =
      "error looking up service account apps/default: serviceaccount \"default\" not found";

  public static final String SOCKET_VOLUME = "{name: sock, hostPath: {path: /run/spire/sockets}}";
  public static final String BY_PROFILE =
      "pods \"api-5d4f-x\" is forbidden: api-5d4f-x uses an inline volume provided by CSIDriver"
          + " csi.spiffe.io and namespace apps has a pod security enforce level that is lower than"
          + " privileged";

  private PodScenes() {}

  /** The first patch that is offered. */
  public static String patch(Finding finding) {
    return finding.remedies().stream()
        .filter(Remedy.Patch.class::isInstance)
        .map(remedy -> ((Remedy.Patch) remedy).yaml())
        .findFirst()
        .orElseThrow();
  }

  /** The first command that is offered, beside whatever else. */
  public static String command(Finding finding) {
    return finding.remedies().stream()
        .filter(Remedy.Command.class::isInstance)
        .map(remedy -> ((Remedy.Command) remedy).command())
        .findFirst()
        .orElseThrow();
  }

  /** The pod as it is while nothing of it runs. */
  public static ClusterScene pending(ClusterScene scene) {
    return scene
        .set(Kind.POD, "web", "/status/phase", "Pending")
        .set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: \"False\"}]")
        .set(
            Kind.POD,
            "web",
            "/status/containerStatuses",
            "[{name: app, state: {waiting: {reason: ContainerCreating}}}]");
  }

  /** The pod has a volume of the SPIFFE CSI driver. */
  public static ClusterScene withCsi(ClusterScene scene, boolean readOnly) {
    return scene.set(
        Kind.POD,
        "web",
        "/spec/volumes",
        "[{name: spire, csi: {driver: csi.spiffe.io, readOnly: %s}}]".formatted(readOnly));
  }

  /** The SPIFFE CSI driver is registered. */
  public static ClusterScene csiDriver(ClusterScene scene) {
    return scene.object(Kind.CSI_DRIVER, "{metadata: {name: csi.spiffe.io}}");
  }

  /** A Deployment of whose pods none is created, with this volume. */
  public static ClusterScene refused(String volume, String message) {
    return ClusterScene.healthy()
        .object(
            Kind.DEPLOYMENT,
            """
            {metadata: {name: api, namespace: apps, uid: api-uid},
             spec: {replicas: 1, template: {metadata: {labels: {app: api}},
               spec: {containers: [{name: app, image: "api:1"}, {name: log, image: "log:1"}],
                 initContainers: [{name: first, image: "api:1"}],
                 volumes: [%s, {name: cache, hostPath: {path: /var/cache}}]}}}, status: {}}
            """
                .formatted(volume))
        .event("ReplicaSet", "apps", "api-5d4f", "FailedCreate", "Error creating: " + message);
  }

  /** The same with a volume of the SPIFFE CSI driver, where pod security is enforced. */
  public static ClusterScene csiRefused(String message) {
    return csiDriver(refused("{name: sock, csi: {driver: csi.spiffe.io, readOnly: true}}", message))
        .object(
            Kind.POD,
            """
            {metadata: {name: driver, namespace: spire-system, uid: driver},
             spec: {nodeName: node-1, containers: [{name: c, image: "x/spiffe-csi-driver:1"}]},
             status: {phase: Running, conditions: [{type: Ready, status: "True"}],
               containerStatuses: [{name: c, ready: true, restartCount: 0,
                 state: {running: {}}}]}}
            """)
        .set(
            Kind.NAMESPACE,
            "apps",
            "/metadata/labels",
            "{pod-security.kubernetes.io/enforce: baseline}");
  }
}
