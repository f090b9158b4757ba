package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.RealCluster.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The component of {@code deploy/}, and the example pod: {@code wait} before the workload. */
@RealClusterTest("wait in a real cluster, by deploy/")
class DeployedWaitIT extends DeployTestSupport {
  private static final String NAMESPACE = "deploy-test";

  @BeforeAll
  static void createNamespace() {
    cluster()
        .sh(
            "kubectl create namespace %s --dry-run=client -o yaml | kubectl apply -f -"
                .formatted(NAMESPACE));
  }

  @AfterAll
  static void clean() {
    cluster().sh("kubectl delete namespace " + NAMESPACE + " --wait=false");
  }

  /** What the container that waits has come to, of all pods with these labels. */
  private static String waited(String namespace, String labels) {
    return cluster()
        .sh(
            "kubectl -n %s get pods -l '%s' -o jsonpath='{range .items[*]}{.status.initContainerStatuses[?(@.name==\"wait-for-socket\")].state.terminated.exitCode}{\"\\n\"}{end}'"
                .formatted(namespace, labels));
  }

  @ParameterizedTest
  @ValueSource(strings = {"csi", "hostpath"})
  void theComponentReachesEveryKindOfWorkload(String overlay) throws IOException {
    String built = cluster().sh("kubectl kustomize deploy/kustomize/example/" + overlay);
    List<JsonNode> objects = Manifests.documents(built);
    assertThat(objects)
        .extracting(object -> object.path("kind").asText())
        .containsExactlyInAnyOrder(
            "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod");
    for (JsonNode object : objects) {
      JsonNode pod = Manifests.podSpec(object);
      assertThat(pod.at("/initContainers/0/name").asText()).isEqualTo("wait-for-socket");
      assertThat(pod.path("volumes")).as("%s", object).hasSize(1);
      JsonNode volume = pod.at("/volumes/0");
      assertThat(volume.path("name").asText()).isEqualTo("spire-socket");
      assertThat(volume.has("csi")).isEqualTo(overlay.equals("csi"));
      assertThat(volume.has("hostPath")).isEqualTo(overlay.equals("hostpath"));
    }
    RealCluster.Done taken = dryRun(built);
    assertThat(taken.code()).as(taken.output()).isZero();
  }

  /** What waits must come before what needs what is waited for. */
  @Test
  void theComponentComesBeforeTheWorkloadsOwn() throws IOException {
    Path overlay = directory.resolve("overlay");
    Files.createDirectory(overlay);
    Path component = Manifests.DIRECTORY.resolve("kustomize/wait-for-socket").toRealPath();
    Files.writeString(
        overlay.resolve("kustomization.yaml"),
        """
        resources: [pod.yaml]
        components: [%s]
        images: [{name: spire-doctor, newName: elsewhere/spire-doctor, newTag: "2"}]
        """
            .formatted(overlay.toRealPath().relativize(component)));
    Files.writeString(
        overlay.resolve("pod.yaml"),
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: one}
        spec:
          initContainers: [{name: migrate, image: "my-workload:dev"}]
          containers: [{name: app, image: "my-workload:dev"}]
          volumes: [{name: scratch, emptyDir: {}}]
        """);
    JsonNode pod =
        Manifests.podSpec(
            Manifests.documents(cluster().sh("kubectl kustomize '" + overlay + "'")).getFirst());
    assertThat(pod.path("initContainers").findValuesAsText("image"))
        .containsExactly("elsewhere/spire-doctor:2", "my-workload:dev");
    assertThat(pod.path("volumes")).hasSize(2);
  }

  @Test
  void theComponentWaitsInEveryKindOfWorkload() throws IOException {
    assumeImage("the Kustomize component on a node");
    String overlay = RealCluster.csi() ? "csi" : "hostpath";
    String built = ready(cluster().sh("kubectl kustomize deploy/kustomize/example/" + overlay));
    Path file = Files.writeString(directory.resolve("workloads.yaml"), built);
    // The strictest standard that a namespace can enforce allows all of it, but the hostPath.
    cluster()
        .sh(
            """
            kubectl label namespace %1$s --overwrite \
              pod-security.kubernetes.io/enforce=%2$s
            kubectl -n %1$s apply -f '%3$s'
            kubectl -n %1$s create job rotate-now --from=cronjob/rotate
            """
                .formatted(NAMESPACE, RealCluster.csi() ? "restricted" : "privileged", file));
    String all = "app in (web,store,relay,load,rotate,shell)";
    // The DaemonSet has one on every node.
    int pods = RealCluster.twoNodes() ? 7 : 6;
    List<String> done = new ArrayList<>();
    Until.holds(
        () -> {
          done.clear();
          waited(NAMESPACE, all).lines().forEach(done::add);
          return done.size() == pods && done.stream().noneMatch(String::isEmpty);
        },
        MINUTE);
    assertThat(done).containsOnly("0");
    cluster()
        .sh(
            "kubectl -n %s wait --for=condition=Ready pod -l '%s' --timeout=60s"
                .formatted(NAMESPACE, all));
    cluster().sh("kubectl -n %s delete -f '%s' --now".formatted(NAMESPACE, file));
  }

  @ParameterizedTest
  @CsvSource({"init-container.yaml, false", "init-container-csi.yaml, true"})
  void theExamplePodStarts(String name, boolean csi) throws IOException {
    assumeImage("the example pods on a node");
    Assume.that(!csi || RealCluster.csi(), name, "-Dspiredoctor.volume=csi");
    Path file = Files.writeString(directory.resolve(name), ready(Manifests.text(name)));
    cluster()
        .sh(
            """
            kubectl label namespace %1$s --overwrite pod-security.kubernetes.io/enforce=%3$s
            kubectl -n %1$s apply -f '%2$s'
            kubectl -n %1$s wait --for=condition=Ready pod/my-workload --timeout=60s
            """
                .formatted(NAMESPACE, file, csi ? "restricted" : "privileged"));
    assertThat(
            cluster()
                .sh(
                    "kubectl -n %s get pod my-workload -o jsonpath='{.status.initContainerStatuses[0].state.terminated.message}'"
                        .formatted(NAMESPACE)))
        .contains("ready");
    cluster().sh("kubectl -n %s delete -f '%s' --now".formatted(NAMESPACE, file));
  }
}
