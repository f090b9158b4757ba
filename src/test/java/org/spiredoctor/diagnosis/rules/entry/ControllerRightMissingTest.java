package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.withClusterSpiffeId;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

/** The spire-controller-manager lacks a permission. */
class ControllerRightMissingTest {
  private static String forbidden(String account, String resource) {
    return "W0102 03:04:00.000000       1 reflector.go:561] pkg/mod/cache.go:243: failed to list"
        + " *v1.X: "
        + resource
        + " is forbidden: User \"system:serviceaccount:"
        + account
        + "\" cannot list resource \""
        + resource
        + "\" in API group \"\" at the cluster scope\n";
  }

  /** The image was updated, its ClusterRole was not. */
  @Test
  void aRightThatTheControllerManagerLacksIsNamed() {
    ClusterScene scene = withClusterSpiffeId("", "", "");
    Finding found =
        Expect.first(
            "cluster-spiffe-id-ineffective",
            scene.controllerLog(forbidden("spire-system:spire-server", "endpoints")));
    assertThat(found.summary())
        .endsWith("lacks permission to list endpoints, which its version needs");
    assertThat(found.evidence().toString()).contains("endpoints is forbidden");
    assertThat(found.remedies().getFirst().block())
        .startsWith(
            "kubectl create clusterrole spire-system-spire-server-endpoints --verb=get,list,watch"
                + " --resource=endpoints")
        .contains("--serviceaccount=spire-system:spire-server");
    // A log may say anything: nobody else, and nothing else, is given a right.
    for (String log :
        List.of(
            forbidden("apps:web", "endpoints"),
            forbidden("spire-system:spire-server", "secrets"))) {
      Finding other = Expect.first("cluster-spiffe-id-ineffective", scene.controllerLog(log));
      assertThat(other.remedies()).allMatch(Remedy.Advice.class::isInstance);
    }
  }

  /** It may be confined to some namespaces, and is not let out of them. */
  @Test
  void aRightInANamespaceIsGivenThere() {
    Finding found =
        Expect.first(
            "cluster-spiffe-id-ineffective",
            withClusterSpiffeId("", "", "")
                .controllerLog(
                    forbidden("spire-system:spire-server", "pods")
                        .replace("at the cluster scope", "in the namespace \"apps\"")));
    assertThat(found.summary()).contains("to list pods in namespace apps");
    assertThat(found.remedies().getFirst().block())
        .startsWith("kubectl create role spire-system-spire-server-pods --verb=get,list,watch")
        .contains("-n apps", " && kubectl create rolebinding ", " --role=spire-system-spire-server")
        .doesNotContain("clusterrole");
  }

  @Test
  void aRightThatWasMissingAtFirstIsNotNamed() {
    String begun = "2026-01-02T03:04:01Z\tINFO\tStarting workers\t{\"worker count\": 1}\n";
    String refused = forbidden("spire-system:spire-server", "pods");
    ClusterScene scene = withClusterSpiffeId("", "", "podsSelected: 9, podEntryRenderFailures: 1");
    for (String log :
        List.of(refused + begun, refused.replace("cannot list", "cannot patch") + "more\n")) {
      assertThat(Expect.first("cluster-spiffe-id-ineffective", scene.controllerLog(log)).summary())
          .contains("templates");
    }
    // Another of its controllers works.
    assertThat(
            Expect.first(
                    "cluster-spiffe-id-ineffective", scene.controllerLog(refused + begun + refused))
                .summary())
        .contains("lacks permission to list pods");
  }

  /** It gives up after two minutes, and its pod has the server in it. */
  @Test
  void aControllerManagerThatEndsForWantOfARightIsGivenIt() {
    String log = forbidden("spire-system:spire-server", "endpoints");
    ClusterScene scene =
        ClusterScene.healthy()
            .controllerManager("entryIDPrefix: demo\n")
            .set(
                Kind.POD,
                "spire-server-0",
                "/status/conditions",
                "[{type: Ready, status: 'False'}]")
            .add(
                Kind.POD,
                "spire-server-0",
                "/status/containerStatuses",
                "{name: spire-controller-manager, ready: false, restartCount: 4, state: {waiting:"
                    + " {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1}}}")
            .log(
                "spire-system",
                "spire-server-0",
                "spire-controller-manager",
                true,
                log
                    + "2026-01-02T03:04:00Z\tERROR\tsetup\tproblem running manager\t{\"error\":"
                    + " \"timed out waiting for cache to be synced for Kind *v1.Endpoints\"}\n");
    Finding found = Expect.first("server-not-ready", scene);
    assertThat(found.evidence().toString()).contains("endpoints is forbidden");
    assertThat(found.remedies().getFirst().block()).contains("--resource=endpoints");
  }
}
