package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.kube.Kind;

/** Each rule about pods and their volumes that looks at a cluster. */
class ClusterPodRulesTest {
  private static final String ENV = "/spec/containers/0/env/0/value";

  private static ClusterScene web() {
    return ClusterScene.healthy();
  }

  private static String patch(Finding finding) {
    return finding.remedies().stream()
        .filter(Remedy.Patch.class::isInstance)
        .map(remedy -> ((Remedy.Patch) remedy).yaml())
        .findFirst()
        .orElseThrow();
  }

  private static String command(Finding finding) {
    return finding.remedies().stream()
        .filter(Remedy.Command.class::isInstance)
        .map(remedy -> ((Remedy.Command) remedy).command())
        .findFirst()
        .orElseThrow();
  }

  /** The pod as it is while nothing of it runs. */
  private static ClusterScene pending(ClusterScene scene) {
    return scene
        .set(Kind.POD, "web", "/status/phase", "Pending")
        .set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: \"False\"}]")
        .set(
            Kind.POD,
            "web",
            "/status/containerStatuses",
            "[{name: app, state: {waiting: {reason: ContainerCreating}}}]");
  }

  private static ClusterScene withCsi(ClusterScene scene, boolean readOnly) {
    return scene.set(
        Kind.POD,
        "web",
        "/spec/volumes",
        "[{name: spire, csi: {driver: csi.spiffe.io, readOnly: %s}}]".formatted(readOnly));
  }

  private static ClusterScene csiDriver(ClusterScene scene) {
    return scene.object(Kind.CSI_DRIVER, "{metadata: {name: csi.spiffe.io}}");
  }

  @Test
  void podSocketNotMounted() {
    Finding none =
        Expect.first("pod-socket-not-mounted", web().set(Kind.POD, "web", "/spec/volumes", "[]"));
    assertThat(patch(none)).contains("path: /run/spire/sockets").contains("/spire-socket");
    Finding csi =
        Expect.first(
            "pod-socket-not-mounted", csiDriver(web()).set(Kind.POD, "web", "/spec/volumes", "[]"));
    assertThat(patch(csi)).contains("csi.spiffe.io");
    Finding unused =
        Expect.first(
            "pod-socket-not-mounted",
            web().set(Kind.POD, "web", "/spec/containers/0/volumeMounts", "[]"));
    assertThat(unused.summary()).contains("container app does not mount it");
    assertThat(patch(unused)).contains("name: spire").contains("mountPath: /spire-socket");
    Expect.healthy(
        web()
            .set(Kind.POD, "web", "/spec/volumes", "[]")
            .set(Kind.POD, "web", ENV, "\"tcp://127.0.0.1:8081\""));
  }

  @Test
  void podSocketPathMismatch() {
    Finding node =
        Expect.first(
            "pod-socket-path-mismatch",
            web().set(Kind.POD, "web", "/spec/volumes/0/hostPath/path", "/tmp/spire-agent/public"));
    assertThat(patch(node)).contains("name: spire").contains("path: /run/spire/sockets");
    Finding address =
        Expect.first(
            "pod-socket-path-mismatch",
            web().set(Kind.POD, "web", ENV, "unix:///run/spire/sockets/api.sock"));
    assertThat(patch(address)).contains("value: unix:///spire-socket/api.sock");
    Finding name =
        Expect.first(
            "pod-socket-path-mismatch",
            csiDriver(withCsi(web(), true))
                .set(Kind.POD, "web", ENV, "unix:///spire-socket/spire-agent.sock"));
    assertThat(name.summary()).contains("/spire-socket/api.sock");
    Finding script =
        Expect.first(
            "pod-socket-path-mismatch",
            web()
                .set(
                    Kind.POD,
                    "web",
                    "/spec/initContainers",
                    "[{name: wait, image: busybox, command: [sh, -c, 'until [ -S /s/agent.sock ]; do"
                        + " sleep 2; done'], volumeMounts: [{name: spire, mountPath: /s}]}]"));
    assertThat(script.summary())
        .isEqualTo(
            "The command of init container wait speaks of /s/agent.sock, but the agent's socket is"
                + " at /s/api.sock");
    Expect.healthy(
        web()
            .set(
                Kind.POD,
                "web",
                "/spec/initContainers",
                "[{name: wait, image: busybox, command: [sh, -c, 'until [ -S /s/api.sock ]; do"
                    + " sleep 2; done'], volumeMounts: [{name: spire, mountPath: /s}]}]"));
    // The parent of the directory, and the other name of /run, lead there as well.
    Expect.healthy(
        web()
            .set(Kind.POD, "web", "/spec/volumes/0/hostPath/path", "/var/run/spire")
            .set(Kind.POD, "web", ENV, "unix:///spire-socket/sockets/api.sock"));
  }

  @Test
  void aVolumeWhoseAgentIsUnknownIsNotJudged() {
    ClusterScene scene = web().configMap("spire-agent", "agent.conf", "");
    assertThat(scene.report().findings()).isEmpty();
    assertThat(scene.report().unknown())
        .extracting("id")
        .containsExactly("observation-failed", "pod-socket-path-mismatch");
  }

  @Test
  void socketFileMounted() {
    ClusterScene file =
        web()
            .set(Kind.POD, "web", "/spec/volumes/0/hostPath/path", "/run/spire/sockets/api.sock")
            .set(Kind.POD, "web", "/spec/volumes/0/hostPath/type", "Socket")
            .set(
                Kind.POD,
                "web",
                "/spec/containers/0/volumeMounts/0/mountPath",
                "/spire-socket/api.sock");
    Finding later = Expect.first("socket-file-mounted", file);
    assertThat(later.severity()).isEqualTo(Severity.WARNING);
    assertThat(patch(later)).contains("path: /run/spire/sockets\n").contains("/spire-socket\n");
    Finding dead =
        Expect.first(
            "socket-file-mounted",
            file.set(
                Kind.POD,
                "spire-agent-x1y2z",
                "/status/containerStatuses/0/state",
                "{running: {startedAt: \"2026-01-02T03:02:00Z\"}}"));
    assertThat(dead.severity()).isEqualTo(Severity.ERROR);
    // A bare pod that is deleted is gone for good.
    assertThat(dead.remedies()).singleElement().isInstanceOf(Remedy.Patch.class);
    Expect.first(
        "socket-file-mounted",
        web()
            .set(
                Kind.POD,
                "web",
                "/spec/containers/0/volumeMounts",
                "[{name: spire, mountPath: /spire-socket/api.sock, subPath: api.sock}]"));
  }

  @Test
  void socketNotConfigured() {
    Finding found =
        Expect.first(
            "socket-not-configured",
            web()
                .set(Kind.POD, "web", "/spec/containers/0/env", "[]")
                .log(
                    "apps",
                    "web",
                    "app",
                    false,
                    "panic: workload endpoint socket address is not configured\n"));
    assertThat(patch(found)).contains("unix:///spire-socket/api.sock");
    Expect.first(
        "socket-not-configured",
        web()
            .set(Kind.POD, "web", "/spec/containers/0/env", "[]")
            .log("apps", "web", "app", false, "fatal: SPIFFE_ENDPOINT_SOCKET is not set\n"));
    Finding silent =
        Expect.first(
            "socket-not-configured", web().set(Kind.POD, "web", "/spec/containers/0/env", "[]"));
    assertThat(silent.confidence()).isEqualTo(Finding.Confidence.POSSIBLE);
    assertThat(patch(silent)).contains("value: unix:///spire-socket/api.sock");
    Expect.healthy(
        web()
            .set(Kind.POD, "web", "/spec/containers/0/env", "[]")
            .merge(
                Kind.POD,
                "web",
                "/spec/containers/0",
                "{args: [-socketPath, /spire-socket/api.sock]}"));
    for (String told :
        List.of(
            "{envFrom: [{configMapRef: {name: settings}}]}",
            "{env: [{name: SPIFFE_ENDPOINT_SOCKET, valueFrom: {configMapKeyRef: {name: x, key: y}}}]}",
            "{volumeMounts: [{name: spire, mountPath: /spire-socket}, {name: settings, mountPath: /etc/web}]}")) {
      Expect.unknown(
          "socket-not-configured",
          web()
              .set(Kind.POD, "web", "/spec/containers/0/env", "[]")
              .set(
                  Kind.POD,
                  "web",
                  "/spec/volumes",
                  "[{name: spire, hostPath: {path: /run/spire/sockets, type: Directory}}, {name:"
                      + " settings, configMap: {name: settings}}]")
              .merge(Kind.POD, "web", "/spec/containers/0", told));
    }
    // What is merely possible is not told beside what is wrong.
    Expect.first(
        "entry-missing", web().webEntry().set(Kind.POD, "web", "/spec/containers/0/env", "[]"));
  }

  @Test
  void socketAddressInvalid() {
    Finding found =
        Expect.first(
            "socket-address-invalid",
            web().set(Kind.POD, "web", ENV, "unix://spire-socket/api.sock"));
    assertThat(patch(found)).contains("value: unix:///spire-socket/api.sock");
    Expect.unknown(
        "socket-not-configured", web().set(Kind.POD, "web", ENV, "unix:///$(DIR)/api.sock"));
  }

  @Test
  void namespaceMissing() {
    Finding found = Expect.first("namespace-missing", web().askingFor("app", "web"));
    assertThat(found.summary()).isEqualTo("There is no namespace app; the nearest is apps");
  }

  @Test
  void podNotFound() {
    Finding near = Expect.first("pod-not-found", web().askingFor("apps", "wen"));
    assertThat(command(near)).isEqualTo("spire-doctor check apps/web");
    ClusterScene labelled =
        web()
            .object(
                Kind.DEPLOYMENT,
                """
                {metadata: {name: api, namespace: apps, uid: api-uid},
                 spec: {replicas: 1, template: {metadata: {labels: {app: api}},
                   spec: {containers: [{name: app, image: "api:1"}]}}}, status: {}}
                """)
            .event(
                "ReplicaSet", "apps", "api-5d4f", "FailedCreate", "exceeded quota: pods, used: 4")
            .asking(new ClusterQuery.Pods.Labelled(Optional.of("apps"), "app=api"));
    Finding none = Expect.first("pod-not-found", labelled);
    assertThat(none.evidence().toString()).contains("exceeded quota");
  }

  @Test
  void podNotScheduled() {
    Finding found =
        Expect.first(
            "pod-not-scheduled",
            pending(web())
                .edit(Kind.POD, "web", pod -> ((ObjectNode) pod.get("spec")).remove("nodeName"))
                .event(
                    "Pod",
                    "apps",
                    "web",
                    "FailedScheduling",
                    "0/1 nodes are available: 1 node(s) had untolerated taint {a: b}"));
    assertThat(found.evidence().toString()).contains("untolerated taint");
    assertThat(found.remedies().getFirst().summary()).contains("toleration");
  }

  @Test
  void podImageNotPulled() {
    Finding found =
        Expect.first(
            "pod-image-not-pulled",
            pending(web())
                .set(
                    Kind.POD,
                    "web",
                    "/status/containerStatuses/0/state",
                    "{waiting: {reason: ErrImageNeverPull, message: \"not present with Never\"}}"));
    assertThat(found.remedies().getFirst().summary()).contains("node-1");
  }

  /** The pod while its init container fails. */
  private static ClusterScene failingInit(ClusterScene scene) {
    return pending(scene)
        .set(
            Kind.POD,
            "web",
            "/spec/initContainers",
            "[{name: wait, image: spire-doctor, volumeMounts: [{name: spire, mountPath: /spire-socket}]}]")
        .set(
            Kind.POD,
            "web",
            "/status/initContainerStatuses",
            """
            [{name: wait, ready: false, restartCount: 3,
              state: {waiting: {reason: CrashLoopBackOff}},
              lastState: {terminated: {exitCode: 3, reason: Error, message: no identity}}}]
            """)
        .log("apps", "web", "wait", false, "one\ntwo\nthree\nfour\n");
  }

  @Test
  void podInitFailed() {
    Finding found = Expect.first("pod-init-failed", failingInit(web()));
    assertThat(found.evidence().toString())
        .contains("exit code 3", "no identity", "two", "four")
        .doesNotContain("one");
    assertThat(command(found)).isEqualTo("kubectl logs -n apps web -c wait");
    Expect.first("entry-missing", failingInit(web().webEntry()));
    Expect.first(
        "pod-socket-path-mismatch",
        failingInit(web())
            .set(Kind.POD, "web", "/spec/volumes/0/hostPath/path", "/tmp/spire-agent/public"));
  }

  @Test
  void volumeTypeMismatch() {
    String failed = "MountVolume.SetUp failed for volume \"spire\" : hostPath type check failed: ";
    Finding absent =
        Expect.first(
            "volume-type-mismatch",
            pending(web())
                .event(
                    "Pod",
                    "apps",
                    "web",
                    "FailedMount",
                    failed + "/run/spire/sockets is not a directory"));
    assertThat(command(absent)).contains("spec.nodeName=node-1");
    // What was said before the pod started is history.
    Expect.healthy(web().event("Pod", "apps", "web", "FailedMount", failed + "/run/spire"));
    ClusterScene blind = pending(web()).forbidden(Kind.EVENT);
    assertThat(blind.report().unknown()).extracting("id").contains("volume-type-mismatch");
  }

  @Test
  void aDirectoryOfTheWrongTypeIsMountedAsADirectory() {
    Finding wrong =
        Expect.first(
            "volume-type-mismatch",
            pending(web())
                .set(Kind.POD, "web", "/spec/volumes/0/hostPath/type", "Socket")
                .event(
                    "Pod",
                    "apps",
                    "web",
                    "FailedMount",
                    "MountVolume.SetUp failed for volume \"spire\" : hostPath type check failed:"
                        + " /run/spire/sockets is not a socket file"));
    assertThat(patch(wrong)).contains("path: /run/spire/sockets").contains("type: Directory");
  }

  @Test
  void whatBefellAnEarlierPodOfTheSameNameIsHistory() {
    Expect.unknown(
        "pod-not-started",
        pending(web())
            .event(
                "Pod",
                "apps",
                "web",
                "FailedMount",
                "MountVolume.SetUp failed for volume \"spire\" : hostPath type check failed: x")
            .edit(
                Kind.EVENT,
                "",
                event -> ((ObjectNode) event.path("involvedObject")).put("uid", "earlier-pod")));
  }

  @Test
  void podNotStarted() {
    Finding secret =
        Expect.first(
            "pod-not-started",
            pending(web())
                .event(
                    "Pod",
                    "apps",
                    "web",
                    "FailedMount",
                    "MountVolume.SetUp failed for volume \"tls\" : secret \"nope\" not found"));
    assertThat(secret.evidence().toString()).contains("secret \"nope\" not found");
    Finding variable =
        Expect.first(
            "pod-not-started",
            pending(web())
                .set(
                    Kind.POD,
                    "web",
                    "/status/containerStatuses",
                    "[{name: app, state: {waiting: {reason: CreateContainerConfigError, message:"
                        + " 'configmap \"web\" not found'}}}]"));
    assertThat(variable.summary()).contains("container app cannot be started");
    // It has only just been made, or one of its init containers is at work.
    Expect.unknown("pod-not-started", pending(web()));
    Expect.unknown(
        "pod-not-started",
        pending(web())
            .set(Kind.POD, "web", "/metadata/creationTimestamp", "\"2026-01-02T02:00:00Z\"")
            .set(Kind.POD, "web", "/spec/initContainers", "[{name: wait, image: wait}]")
            .set(
                Kind.POD,
                "web",
                "/status/initContainerStatuses",
                "[{name: wait, state: {running: {}}}]"));
    Expect.first(
        "pod-not-started",
        pending(web())
            .set(Kind.POD, "web", "/metadata/creationTimestamp", "\"2026-01-02T02:00:00Z\""));
  }

  private static ClusterScene crashing() {
    return web()
        .set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: \"False\"}]")
        .set(
            Kind.POD,
            "web",
            "/status/containerStatuses",
            "[{name: app, image: 'web:1', restartCount: 3, state: {waiting: {reason:"
                + " CrashLoopBackOff}}, lastState: {terminated: {exitCode: 2, reason: Error}}}]")
        .log("apps", "web", "app", true, "no database at db:5432");
  }

  @Test
  void podCrashing() {
    Finding found = Expect.first("pod-crashing", crashing());
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
    assertThat(found.evidence().toString()).contains("exit code 2", "no database at db:5432");
    assertThat(command(found)).isEqualTo("kubectl logs -n apps web -c app --previous");
    Expect.first("entry-missing", crashing().webEntry());
  }

  @Test
  void aPodThatHasFailedIsNotStartedAgain() {
    ClusterScene failed =
        web()
            .set(Kind.POD, "web", "/status/phase", "Failed")
            .set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: \"False\"}]")
            .set(
                Kind.POD,
                "web",
                "/status/containerStatuses",
                "[{name: app, image: 'web:1', restartCount: 2, state: {terminated: {exitCode: 2,"
                    + " reason: Error}}}]");
    Finding found = Expect.first("pod-crashing", failed);
    assertThat(found.summary())
        .isEqualTo(
            "Container app ended with exit code 2, and the pod has failed: it is not started again");
    // The log of the end itself, not of the life before it.
    assertThat(command(found)).isEqualTo("kubectl logs -n apps web -c app");
    assertThat(Expect.first("pod-crashing", crashing()).summary())
        .isEqualTo(
            "Container app ends with exit code 2 and is started again, so the pod is not ready");
  }

  @Test
  void csiVolumeNotReadOnly() {
    Finding found =
        Expect.first(
            "csi-volume-not-read-only",
            csiDriver(pending(withCsi(web(), false)))
                .event(
                    "Pod",
                    "apps",
                    "web",
                    "FailedMount",
                    "pod.spec.volumes[].csi.readOnly must be set to 'true'"));
    assertThat(patch(found)).contains("name: spire").contains("readOnly: true");
  }

  @Test
  void csiDriverNotRegistered() {
    Finding absent = Expect.first("csi-driver-not-registered", pending(withCsi(web(), true)));
    assertThat(absent.summary()).contains("this cluster does not have");
    Finding here =
        Expect.first(
            "csi-driver-not-registered",
            csiDriver(pending(withCsi(web(), true)))
                .event(
                    "Pod",
                    "apps",
                    "web",
                    "FailedMount",
                    "driver name csi.spiffe.io not found in the list of registered CSI drivers"));
    assertThat(here.summary()).contains("this node does not have");
    assertThat(here.evidence().toString()).contains("runs no pod of the SPIFFE CSI driver");
  }

  @Test
  void volumeRelabelFailed() {
    Expect.first(
        "volume-relabel-failed",
        pending(csiDriver(withCsi(web(), true)))
            .set(
                Kind.POD,
                "web",
                "/status/containerStatuses/0/state",
                "{waiting: {reason: CreateContainerError, message: \"relabel /x failed: lsetxattr"
                    + " /x: read-only file system\"}}"));
  }

  @Test
  void volumeForbiddenByPolicy() {
    ClusterScene scene =
        web()
            .object(
                Kind.DEPLOYMENT,
                """
                {metadata: {name: api, namespace: apps, uid: api-uid},
                 spec: {replicas: 1, template: {metadata: {labels: {app: api}},
                   spec: {containers: [{name: app, image: "api:1"}],
                     volumes: [{name: sock, hostPath: {path: /run/spire/sockets}}]}}}, status: {}}
                """)
            .event(
                "ReplicaSet",
                "apps",
                "api-5d4f",
                "FailedCreate",
                "pods \"api-5d4f-x\" is forbidden: violates PodSecurity \"baseline:latest\": hostPath"
                    + " volumes (volume \"sock\")");
    Finding found = Expect.first("volume-forbidden-by-policy", scene);
    assertThat(found.subject().inWords()).isEqualTo("Deployment apps/api");
    assertThat(command(found))
        .isEqualTo(
            "kubectl label --overwrite namespace apps"
                + " pod-security.kubernetes.io/enforce=privileged");
    Expect.first(
        "volume-forbidden-by-policy",
        scene.asking(new ClusterQuery.Pods.Labelled(Optional.of("apps"), "app=api")));
  }

  private static ClusterScene refused(String volume, String message) {
    return web()
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

  private static final String NO_ACCOUNT =
      "error looking up service account apps/default: serviceaccount \"default\" not found";

  private static final String SOCKET_VOLUME = "{name: sock, hostPath: {path: /run/spire/sockets}}";

  /** A workload that has no pod at all is asked for by nobody's name. */
  @Test
  void podNotFoundOfAWorkloadWithoutPods() {
    ClusterScene scene = refused(SOCKET_VOLUME, NO_ACCOUNT);
    Finding found = Expect.first("pod-not-found", scene);
    assertThat(found.subject().inWords()).isEqualTo("Deployment apps/api");
    assertThat(found.summary())
        .isEqualTo("Deployment apps/api has no pod: its service account default does not exist");
    // An event may say anything: nothing is made on its word.
    assertThat(found.remedies().getFirst()).isInstanceOf(Remedy.Advice.class);
    assertThat(command(found)).isEqualTo("kubectl describe deployment -n apps api");
    assertThat(
            Expect.first("pod-not-found", refused(SOCKET_VOLUME, "exceeded quota: pods")).summary())
        .isEqualTo("Deployment apps/api has no pod: Kubernetes refuses to make one");
    // It says nothing, and has had its time.
    ClusterScene silent = refused(SOCKET_VOLUME, "x").remove(Kind.EVENT, "");
    assertThat(Expect.first("pod-not-found", silent).summary()).contains("no event says why");
    Expect.healthy(
        silent.set(
            Kind.DEPLOYMENT,
            "api",
            "/metadata/creationTimestamp",
            ClusterScene.NOW.minusSeconds(60).toString()));
    Expect.healthy(refused("{name: sock, emptyDir: {}}", NO_ACCOUNT));
    Expect.healthy(
        refused(SOCKET_VOLUME, NO_ACCOUNT).set(Kind.DEPLOYMENT, "api", "/spec/replicas", "0"));
    Expect.healthy(
        refused(SOCKET_VOLUME, NO_ACCOUNT)
            .set(
                Kind.POD,
                "web",
                "/metadata/ownerReferences",
                "[{kind: ReplicaSet, name: api-5d4f, uid: rs}]"));
  }

  /** The policy was lifted, and something else keeps the pods away since. */
  @Test
  void anEarlierRefusalOfTheVolumeIsHistory() {
    ClusterScene scene =
        refused(
            SOCKET_VOLUME,
            "pods \"api-5d4f-x\" is forbidden: violates PodSecurity \"restricted:latest\": hostPath"
                + " volumes (volume \"sock\")");
    Expect.first("volume-forbidden-by-policy", scene);
    scene.event("ReplicaSet", "apps", "api-7f9c", "FailedCreate", "Error creating: " + NO_ACCOUNT);
    assertThat(Expect.first("pod-not-found", scene).summary()).contains("service account default");
    assertThat(scene.report().findings())
        .noneMatch(one -> one.finding().id().equals("volume-forbidden-by-policy"));
  }

  /** The volume is only one of the violations. */
  @Test
  void allViolationsOfPodSecurityAreNamed() {
    Finding found =
        Expect.first(
            "volume-forbidden-by-policy",
            refused(
                "{name: sock, hostPath: {path: /run/spire/sockets}}",
                "pods \"api-5d4f-x\" is forbidden: violates PodSecurity \"restricted:latest\": host"
                    + " namespaces (hostNetwork=true), allowPrivilegeEscalation != false (containers"
                    + " \"first\", \"app\" must set securityContext.allowPrivilegeEscalation=false),"
                    + " unrestricted capabilities (container \"app\" must set"
                    + " securityContext.capabilities.drop=[\"ALL\"]), restricted volume types (volumes"
                    + " \"sock\", \"cache\" use restricted volume type \"hostPath\"), runAsNonRoot !="
                    + " true (pod or container \"app\" must set securityContext.runAsNonRoot=true),"
                    + " seccompProfile (pod or container \"app\" must set"
                    + " securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")"));
    assertThat(found.summary())
        .endsWith(
            "level restricted of PodSecurity also forbids: host namespaces,"
                + " allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot !="
                + " true, seccompProfile");
    assertThat(found.remedies().get(0).summary()).contains("and meet the other requirements");
    assertThat(found.remedies().get(1).block())
        .isEqualTo(
            """
            securityContext:
              runAsNonRoot: true
              seccompProfile:
                type: RuntimeDefault
            initContainers:
              - name: first
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities:
                    drop: [ALL]
            containers:
              - name: app
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities:
                    drop: [ALL]
              - name: log
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities:
                    drop: [ALL]
            """);
    assertThat(found.remedies().get(2).summary())
        .endsWith("hostPath volume cache, host namespaces (hostNetwork=true)");
  }

  private static ClusterScene csiRefused(String message) {
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

  private static final String BY_PROFILE =
      "pods \"api-5d4f-x\" is forbidden: api-5d4f-x uses an inline volume provided by CSIDriver"
          + " csi.spiffe.io and namespace apps has a pod security enforce level that is lower than"
          + " privileged";

  @Test
  void theProfileOfACsiDriverForbidsItsVolumes() {
    ClusterScene scene = csiRefused(BY_PROFILE).askingFor("apps", "api-5d4f-x");
    Finding found = Expect.first("volume-forbidden-by-policy", scene);
    assertThat(found.summary())
        .isEqualTo(
            "The CSIDriver csi.spiffe.io has no label"
                + " security.openshift.io/csi-ephemeral-volume-profile, so its volumes are"
                + " forbidden in namespace apps of level baseline, and these pods are not created");
    assertThat(found.evidence().toString())
        .contains("inline volume", "pod-security.kubernetes.io/enforce: baseline");
    assertThat(command(found))
        .isEqualTo(
            "kubectl label --overwrite csidriver csi.spiffe.io"
                + " security.openshift.io/csi-ephemeral-volume-profile=baseline");
    Finding labelled =
        Expect.first(
            "volume-forbidden-by-policy",
            scene
                .set(
                    Kind.CSI_DRIVER,
                    "csi.spiffe.io",
                    "/metadata/labels",
                    "{security.example.org/csi-ephemeral-volume-profile: privileged}")
                .remove(Kind.NAMESPACE, "apps"));
    assertThat(command(labelled))
        .endsWith("security.example.org/csi-ephemeral-volume-profile=restricted");
  }

  /** An event alone opens nothing: the labels must agree, and the driver be SPIRE's. */
  @Test
  void aRefusalThatTheLabelsDoNotShowIsNotActedOn() {
    ClusterScene allowed =
        csiRefused(BY_PROFILE)
            .set(
                Kind.CSI_DRIVER,
                "csi.spiffe.io",
                "/metadata/labels",
                "{security.openshift.io/csi-ephemeral-volume-profile: restricted}");
    Finding refuted = Expect.first("volume-forbidden-by-policy", allowed);
    assertThat(refuted.confidence()).isEqualTo(Finding.Confidence.POSSIBLE);
    assertThat(refuted.summary()).contains("the labels of both do not show it");
    for (Finding found :
        List.of(
            refuted,
            Expect.first(
                "volume-forbidden-by-policy", csiRefused(BY_PROFILE).remove(Kind.POD, "driver")))) {
      assertThat(found.remedies())
          .as("whoever writes an event gets no rights by it")
          .noneMatch(Remedy.Command.class::isInstance);
    }
  }

  @Test
  void otherPoliciesForbidVolumesOfTheCsiDriver() {
    Finding scc =
        Expect.first(
            "volume-forbidden-by-policy",
            csiRefused(
                "pods \"api-\" is forbidden: unable to validate against any security context"
                    + " constraint: [spec.volumes[0]: Invalid value: \"csi\": csi volumes are not"
                    + " allowed to be used]"));
    assertThat(scc.remedies().getFirst().summary()).contains("allows csi volumes");
    Finding policy =
        Expect.first(
            "volume-forbidden-by-policy",
            csiRefused(
                "pods \"api-\" is forbidden: ValidatingAdmissionPolicy 'csi.spiffe.io' with binding"
                    + " 'csi.spiffe.io' denied request: you may not use it"));
    assertThat(policy.summary()).contains("forbids volumes of the CSI driver csi.spiffe.io");
  }

  @Test
  void identityNotIssued() {
    ClusterScene unready =
        web()
            .set(
                Kind.POD,
                "spire-agent-x1y2z",
                "/status/conditions",
                "[{type: Ready, status: \"False\"}]");
    assertThat(unready.report().findings())
        .extracting(ranked -> ranked.finding().id())
        .contains("identity-not-issued");
    // The server still lists an agent whose pod is gone.
    assertThat(web().remove(Kind.POD, "spire-agent-x1y2z").report().findings().toString())
        .contains("no agent runs on its node node-1");
    assertThat(
            web()
                .webEntry(entry("web", WEB, ALIAS, "k8s:ns:apps", "k8s:pod-label:app:wep"))
                .report()
                .findings())
        .extracting(ranked -> ranked.finding().id() + " " + ranked.explainedBy().orElse(""))
        .containsExactly("entry-selector-mismatch ", "identity-not-issued entry-selector-mismatch");
  }

  @Test
  void thePodsOfAnOwnerAreAskedFor() {
    ClusterScene scene =
        web()
            .set(
                Kind.POD,
                "web",
                "/metadata/ownerReferences",
                "[{kind: ReplicaSet, name: shop-7d9f, uid: u}]");
    ClusterQuery.Pods shop =
        new ClusterQuery.Pods.OwnedBy(Optional.of("apps"), "Deployment", "shop");
    Expect.healthy(scene.asking(shop));
    assertThat(scene.report().checked().pods()).hasValue(1);
    Finding none =
        Expect.first(
            "pod-not-found",
            scene.asking(new ClusterQuery.Pods.OwnedBy(Optional.of("apps"), "Deployment", "sho")));
    assertThat(none.summary())
        .isEqualTo("Deployment sho in namespace apps has no pod, or does not exist");
    // The namespace was forgotten.
    Finding elsewhere =
        Expect.first(
            "pod-not-found",
            refused("{name: tmp, emptyDir: {}}", "exceeded quota")
                .asking(
                    new ClusterQuery.Pods.OwnedBy(Optional.of("default"), "Deployment", "api")));
    assertThat(command(elsewhere)).isEqualTo("spire-doctor check deployment/api -n apps");
    assertThat(
            Expect.first(
                    "pod-not-found",
                    refused("{name: tmp, emptyDir: {}}", "exceeded quota")
                        .asking(
                            new ClusterQuery.Pods.OwnedBy(
                                Optional.of("apps"), "Deployment", "api")))
                .summary())
        .isEqualTo("Deployment api in namespace apps has no pod");
    assertThat(
            Expect.first(
                    "volume-forbidden-by-policy",
                    csiRefused(BY_PROFILE)
                        .asking(
                            new ClusterQuery.Pods.OwnedBy(
                                Optional.of("apps"), "Deployment", "api")))
                .subject()
                .inWords())
        .isEqualTo("Deployment apps/api");
  }
}
