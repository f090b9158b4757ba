package org.spiredoctor.diagnosis.rules.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Report.Undetermined;
import org.spiredoctor.diagnosis.rules.Expect;

class ClusterUnreachableTest {
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
}
