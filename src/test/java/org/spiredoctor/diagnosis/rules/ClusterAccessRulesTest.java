package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Report.Undetermined;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.kube.Kind;

/** Each rule about the cluster itself and what may be seen of it. */
class ClusterAccessRulesTest {

  @Test
  void clusterUnreachable() {
    ClusterScene scene = ClusterScene.healthy().unreachable("connection refused");
    Finding found = Expect.first("cluster-unreachable", scene);
    assertThat(found.evidence().toString()).contains("connection refused");
    Report report = scene.report();
    assertThat(report.findings()).hasSize(1);
    // All is unknown, and for one reason only.
    assertThat(report.unknown())
        .extracting(Undetermined::missing)
        .containsOnly("https://cluster.test:6443: connection refused");
    assertThat(report.unknown()).doesNotHaveDuplicates().extracting("id").contains("entry-missing");
  }

  @ParameterizedTest
  @CsvSource({
    "no kubeconfig: none of /k exists, --kubeconfig",
    "no context 'x' in /k, --context",
    "401 Unauthorized, Log in",
    "PKIX path building failed, certificate",
    "no such host, DNS",
    "no answer in 15 s, VPN",
    "500 etcdserver: no certificate, The API server answered 500: check again",
    "503 context deadline exceeded, The API server answered 503: check again",
    "the answer is not a list, not a Kubernetes API server",
    "something new, see what kubectl says"
  })
  void adviceFitsWhatCameBack(String why, String advice) {
    assertThat(
            Expect.first("cluster-unreachable", ClusterScene.healthy().unreachable(why))
                .remedies()
                .getFirst()
                .summary())
        .contains(advice);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/k is a directory | name a file",
        "/k cannot be read: permission denied | let your user read",
        "/k does not exist | correct its name",
        "/k is not valid YAML at line 3, column 1 | correct the YAML",
        "/k: context 'x' names the user 'u', which does not exist | choose another with --context",
        "/k: two users have the name 'u' | correct what is named"
      })
  void aBrokenKubeconfigIsToBeFixed(String why, String advice) {
    ClusterScene scene = ClusterScene.healthy().unreachable("read the kubeconfig", why);
    assertThat(Expect.first("cluster-unreachable", scene).remedies().getFirst().summary())
        .startsWith("Fix the kubeconfig: ")
        .contains(advice);
  }

  @Test
  void clusterForbidden() {
    Report pods = ClusterScene.healthy().forbidden(Kind.POD).report();
    assertThat(pods.findings()).isEmpty();
    assertThat(pods.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(pods.unknown())
        .contains(
            new Undetermined(
                "cluster-forbidden",
                "permission to list pods in all namespaces; a ClusterRole with this rule gives it:"
                    + " {apiGroups: [\"\"], resources: [pods], verbs: [list]}"));
    assertThat(pods.unknown()).extracting("id").contains("pod-init-failed", "identity-not-issued");
    assertThat(
            ClusterScene.healthy()
                .serverFails(Observed.Reason.FORBIDDEN, "403 pods/exec is forbidden")
                .report()
                .unknown())
        .contains(
            new Undetermined(
                "cluster-forbidden",
                "permission to create and get pods/exec in namespace spire-system; a Role there"
                    + " with this rule gives it: {apiGroups: [\"\"], resources: [pods/exec], verbs:"
                    + " [create, get]}"));
  }

  @Test
  void observationFailed() {
    Report report =
        ClusterScene.healthy()
            .logUnseen("spire-system", "spire-agent-x1y2z", "spire-agent", Observed.Reason.FAILED)
            .report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown())
        .contains(
            new Undetermined(
                "observation-failed",
                "the log of container spire-agent of spire-system/spire-agent-x1y2z: get pods/log"
                    + " in namespace spire-system: 403 pods/log; see kubectl logs -n spire-system"
                    + " spire-agent-x1y2z -c spire-agent"));
  }

  /** Of a hundred kubelets out of reach each answers with its own address. */
  @Test
  void logsThatFailAlikeAreSaidOnce() {
    ClusterScene scene = ClusterScene.healthy();
    for (int i = 0; i < 20; i++) {
      scene.logUnseen("spire-system", "spire-agent-" + i, "spire-agent", Observed.Reason.FAILED);
    }
    assertThat(scene.report().unknown())
        .filteredOn(one -> one.id().equals("observation-failed"))
        .singleElement()
        .satisfies(
            one ->
                assertThat(one.missing())
                    .startsWith(
                        "the log of container spire-agent of spire-system/spire-agent-0 and 19 more"
                            + " pods: get pods/log"));
  }

  /** What was not read may hold them: whoever stops the check has not found out that none does. */
  @Test
  void settingsThatWereNotReadAreNotSaidToBeNowhere() {
    String unknown = "so that it is not known where its socket is and which pods use it";
    assertThat(settings(ClusterScene.healthy().configMap("spire-agent", "other.txt", "none")))
        .contains("no config map that its pods mount holds it, " + unknown);
    assertThat(
            settings(
                ClusterScene.healthy().configMapUnseen("spire-agent", Observed.Reason.NOT_ASKED)))
        .contains("not all config maps that its pods mount were read, " + unknown);
  }

  private static String settings(ClusterScene scene) {
    return scene.report().unknown().stream()
        .filter(one -> one.id().equals("observation-failed"))
        .map(Undetermined::missing)
        .filter(missing -> missing.startsWith("the configuration of "))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whoIsNoAdministratorIsToldSo() {
    Report report =
        ClusterScene.healthy()
            .askedAt("spire:8081", "spiffe://example.org/web")
            .serverFails(Observed.Reason.FORBIDDEN, "PermissionDenied: authorization denied")
            .report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown())
        .filteredOn(one -> one.id().equals("cluster-forbidden"))
        .extracting(Undetermined::missing)
        .singleElement()
        .asString()
        .contains("spire:8081: spiffe://example.org/web is no administrator there")
        .contains("-admin")
        .contains("admin_ids");
  }

  @Test
  void withoutAClusterEntriesAreExaminedAndTheRestIsUnknown() {
    Report report =
        ClusterScene.healthy()
            .entries(
                ClusterScene.entry(
                    "e1", "spiffe://example.org/twin", "spiffe://example.org/n", "k8s:ns:a"),
                ClusterScene.entry(
                    "e2", "spiffe://example.org/twin", "spiffe://example.org/n", "k8s:ns:a"))
            .withoutCluster()
            .askedOn("/tmp/spire-server/private/api.sock")
            .report();
    assertThat(report.findings())
        .extracting(ranked -> ranked.finding().id())
        .containsExactly("entry-duplicate");
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown())
        .extracting("id")
        .contains("cluster-unreachable", "identity-not-issued", "entry-missing", "agent-not-found");
    assertThat(report.checked().entries()).isPresent();
    assertThat(report.checked().pods()).isEmpty();
  }

  @Test
  void aClusterIsExaminedAsWellWhenTheServerIsAskedOverItsApi() {
    Report report =
        ClusterScene.healthy().askedAt("spire:8081", "spiffe://example.org/admin").report();
    assertThat(report.verdict()).isEqualTo(Verdict.HEALTHY);
    assertThat(report.path().get(1).text()).isEqualTo("spire:8081 as spiffe://example.org/admin");
  }
}
