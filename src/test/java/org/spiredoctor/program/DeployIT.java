package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.RealCluster.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is in {@code deploy/}, at a real API server and, with the image of this build, on a node.
 */
@RealClusterTest("deploy/ in a real cluster")
class DeployIT extends DeployTestSupport {
  private static final String ACCOUNT = "system:serviceaccount:spire-system:spire-doctor";
  private static final Program PROGRAM =
      Program.hasNative() ? Program.nativeBinary() : Program.jvm();

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
