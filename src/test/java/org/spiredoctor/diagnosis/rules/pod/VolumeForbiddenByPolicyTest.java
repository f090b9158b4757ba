package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.BY_PROFILE;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.NO_ACCOUNT;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.SOCKET_VOLUME;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.command;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.csiRefused;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.refused;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.kube.Kind;

class VolumeForbiddenByPolicyTest {
  @Test
  void volumeForbiddenByPolicy() {
    ClusterScene scene =
        ClusterScene.healthy()
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

  /** Whatever is asked for: the pod, what creates it, or its labels. */
  @Test
  void itIsWhyPodsThatAreAskedForAreNotThere() {
    ClusterScene one =
        ClusterScene.healthy()
            .object(
                Kind.STATEFUL_SET,
                """
                {metadata: {name: db, namespace: apps, uid: db-uid},
                 spec: {replicas: 2, template: {metadata: {labels: {app: db}},
                   spec: {containers: [{name: app, image: "db:1"}],
                     volumes: [{name: sock, hostPath: {path: /run/spire/sockets}}]}}},
                 status: {replicas: 1, readyReplicas: 1}}
                """)
            .event("StatefulSet", "apps", "db", "FailedCreate", FORBIDDEN);
    ClusterScene job =
        ClusterScene.healthy().event("Job", "apps", "nightly-2891", "FailedCreate", FORBIDDEN);
    assertThat(causes(one.askingFor("apps", "db-1"))).containsExactly("volume-forbidden-by-policy");
    assertThat(causes(job.askingFor("apps", "nightly-2891-x5k2p")))
        .containsExactly("volume-forbidden-by-policy");
    assertThat(
            causes(
                job.asking(
                    new ClusterQuery.Pods.OwnedBy(Optional.of("apps"), "CronJob", "nightly"))))
        .containsExactly("volume-forbidden-by-policy");
    assertThat(
            causes(
                job.asking(
                    new ClusterQuery.Pods.Labelled(
                        Optional.of("apps"), "batch.kubernetes.io/job-name=nightly-2891"))))
        .containsExactly("volume-forbidden-by-policy");
  }

  private static final String FORBIDDEN =
      "pods \"x\" is forbidden: violates PodSecurity \"baseline:latest\": hostPath volumes (volume"
          + " \"sock\")";

  private static List<String> causes(ClusterScene scene) {
    return scene.report().findings().stream()
        .filter(ranked -> ranked.explainedBy().isEmpty())
        .map(ranked -> ranked.finding().id())
        .toList();
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
}
