package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.RealCluster.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is in {@code deploy/}, at a real API server and, with the image of this build, on a node.
 */
@RealClusterTest("deploy/ in a real cluster")
class DeployIT {
  private static final String NAMESPACE = "deploy-test";
  private static final String ACCOUNT = "system:serviceaccount:spire-system:spire-doctor";
  private static final Program PROGRAM =
      Program.hasNative() ? Program.nativeBinary() : Program.jvm();
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir private static Path directory;

  @BeforeAll
  static void start() throws IOException {
    cluster()
        .sh(
            "kubectl create namespace %s --dry-run=client -o yaml | kubectl apply -f -"
                .formatted(NAMESPACE));
    cluster().apply(Manifests.text("rbac.yaml"));
  }

  @AfterAll
  static void clean() {
    cluster().sh("kubectl delete namespace " + NAMESPACE + " --wait=false");
  }

  private static RealCluster.Done dryRun(String manifest) throws IOException {
    Path file = Files.writeString(directory.resolve("manifest.yaml"), manifest);
    return cluster()
        .run("kubectl apply --dry-run=server --validate=strict -f '%s'".formatted(file), MINUTE);
  }

  /** With the image of this build, this cluster's directories, and a program that stays. */
  private static String ready(String manifest) {
    return cluster()
        .adapted(manifest)
        .replace("spire-doctor:dev", cluster().loadImage())
        .replace("my-workload:dev", "pause:lab");
  }

  private static void assumeImage(String tests) {
    Assume.that(RealCluster.imageAvailable(), tests, RealCluster.IMAGE_NEEDED);
  }

  /** What the container that waits has come to, of all pods with these labels. */
  private static String waited(String namespace, String labels) {
    return cluster()
        .sh(
            "kubectl -n %s get pods -l '%s' -o jsonpath='{range .items[*]}{.status.initContainerStatuses[?(@.name==\"wait-for-socket\")].state.terminated.exitCode}{\"\\n\"}{end}'"
                .formatted(namespace, labels));
  }

  static List<Path> manifests() throws IOException {
    return Manifests.forClusters();
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void theApiServerTakesEveryField(Path manifest) throws IOException {
    RealCluster.Done taken = dryRun(Files.readString(manifest));
    assertThat(taken.code()).as(taken.output()).isZero();
    // It is strict: a field that it does not know would be seen.
    RealCluster.Done refused = dryRun(Files.readString(manifest).replace("metadata:", "metadate:"));
    assertThat(refused.code()).as(refused.output()).isNotZero();
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

  @Test
  void theRoleOfRunIsEnoughAndNoMore() throws IOException {
    cluster().apply(Manifests.text("rbac-run.yaml"));
    try {
      for (String right :
          List.of(
              "create pods",
              "get pods",
              "delete pods",
              "get pods/log",
              "create pods/exec",
              "get pods/exec",
              "list events")) {
        assertThat(may(right)).as(right).isEqualTo("yes");
      }
      for (String right :
          List.of(
              "get secrets",
              "create deployments",
              "patch pods",
              "create pods/ephemeralcontainers")) {
        assertThat(may(right)).as(right).isEqualTo("no");
      }
    } finally {
      // Other tests take rights from the same account.
      cluster().sh("kubectl delete -f deploy/rbac-run.yaml");
    }
  }

  private static String may(String right) {
    return cluster()
        .run(
            "kubectl auth can-i %s -n spire-system --as=%s 2>/dev/null"
                .formatted(right.replaceFirst("(\\w+)/(\\w+)$", "$1 --subresource=$2"), ACCOUNT),
            MINUTE)
        .output()
        .strip();
  }

  /** One proof of a node's socket, the entry for it, and the check that sees all of it healthy. */
  @Test
  void theSocketIsProvenAndTheJobSeesTheCluster() throws IOException {
    assumeImage("the DaemonSet and the Job on a node");
    cluster().makeWhole();
    cluster().apply(Manifests.text("networkpolicy.yaml"));
    cluster().apply(ready(Manifests.text("daemonset-socket.yaml")));
    try {
      cluster()
          .sh("kubectl -n spire-system rollout status daemonset/spire-doctor-socket --timeout=90s");
      // It has the agent's socket, so it is looked at, and nothing is registered for it.
      assertThat(job()).contains("Failed").contains("entry-missing");

      Program.Run registered =
          PROGRAM
              .start(
                  cluster().environment(),
                  "register",
                  "-f",
                  "deploy/registrations/daemonset-socket.yaml",
                  "--wait",
                  "30s")
              .end();
      assertThat(registered.code()).as("%s", registered).isZero();
      assertThat(job()).contains("Complete").contains("Workload API healthy");
    } finally {
      cluster()
          .sh(
              "kubectl -n spire-system delete daemonset/spire-doctor-socket job/spire-doctor-check"
                  + " networkpolicy/spire-doctor-check networkpolicy/spire-doctor-socket"
                  + " networkpolicy/spire-integration-test --ignore-not-found");
      cluster().makeWhole();
    }
  }

  /** The condition that ended it, and its pod's verdict. It has no DNS to ask. */
  private static String job() throws IOException {
    String deaf =
        ready(Manifests.text("job-check.yaml"))
            .replace(
                "      restartPolicy: Never",
                "      dnsPolicy: None\n      dnsConfig: {nameservers: [127.0.0.1]}\n"
                    + "      restartPolicy: Never");
    assertThat(deaf).contains("dnsPolicy");
    cluster().sh("kubectl -n spire-system delete job spire-doctor-check --ignore-not-found");
    cluster().apply(deaf);
    String ended =
        "kubectl -n spire-system get job spire-doctor-check -o jsonpath='{.status.conditions[*].type}'";
    Until.holds(() -> cluster().sh(ended).matches("(?s).*(Complete|Failed).*"), MINUTE);
    return cluster()
        .sh(
            ended
                + "; kubectl -n spire-system get pods -l job-name=spire-doctor-check -o"
                + " jsonpath='{.items[*].status.containerStatuses[0].state.terminated.message}'");
  }

  /** Where no agent serves, the pod is not Ready, whatever else it does. */
  @Test
  void theProofEndsWithTheAgent() throws IOException {
    assumeImage("the DaemonSet without an agent");
    // So that the test need not wait as long as one who watches nodes may.
    cluster()
        .apply(
            ready(Manifests.text("daemonset-socket.yaml"))
                .replace("periodSeconds: 30", "periodSeconds: 2"));
    try {
      cluster()
          .sh("kubectl -n spire-system rollout status daemonset/spire-doctor-socket --timeout=90s");
      cluster()
          .sh(
              "kubectl -n spire-system patch daemonset spire-agent -p"
                  + " '{\"spec\":{\"template\":{\"spec\":{\"nodeSelector\":{\"nowhere\":\"\"}}}}}'");
      cluster()
          .sh(
              "kubectl -n spire-system wait --for=condition=Ready=false pod -l"
                  + " app.kubernetes.io/component=socket --timeout=60s");
      cluster()
          .sh(
              """
              kubectl -n spire-system patch daemonset spire-agent -p \
                '{"spec":{"template":{"spec":{"nodeSelector":{"nowhere":null}}}}}'
              agent_rollout
              kubectl -n spire-system rollout status daemonset/spire-doctor-socket --timeout=60s
              """);
    } finally {
      cluster().sh("kubectl -n spire-system delete daemonset spire-doctor-socket");
      cluster().deploy();
    }
  }
}
