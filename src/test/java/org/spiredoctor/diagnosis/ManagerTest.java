package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.kube.Meta;

/** Who sets an object back. */
class ManagerTest {
  private static String until(String fields) throws IOException {
    return Manager.until(
        Meta.of(new ObjectMapper(new YAMLFactory()).readTree("{metadata: {" + fields + "}}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "labels: {app.kubernetes.io/managed-by: Helm} | Helm",
        "labels: {app.kubernetes.io/managed-by: Helm}, annotations: {meta.helm.sh/release-name: spire, meta.helm.sh/release-namespace: spire-mgmt} | Helm release spire of namespace spire-mgmt",
        "annotations: {meta.helm.sh/release-name: spire, argocd.argoproj.io/tracking-id: 'sec:apps/DaemonSet:a/b'} | Argo CD application sec",
        "labels: {kustomize.toolkit.fluxcd.io/name: infra, kustomize.toolkit.fluxcd.io/namespace: flux-system} | Flux Kustomization flux-system/infra",
        "labels: {helm.toolkit.fluxcd.io/name: spire, helm.toolkit.fluxcd.io/namespace: flux} | Flux HelmRelease flux/spire",
        "ownerReferences: [{kind: SpiffeCSIDriver, name: cluster, uid: x}], labels: {app.kubernetes.io/managed-by: z} | SpiffeCSIDriver cluster"
      })
  void whoLooksAfterItIsNamed(String fields, String who) throws IOException {
    assertThat(until(fields)).isEqualTo(", until " + who + " sets it back");
  }

  @Test
  void nobodyIsNotNamed() throws IOException {
    assertThat(until("name: x")).isEmpty();
  }
}
