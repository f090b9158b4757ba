package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.kube.Kind;

/** Each rule about what a spire-controller-manager does. */
class ClusterControllerRulesTest {
  private static final String TIME = "2026-01-02T03:03:50Z\t";

  private static ClusterScene owned() {
    return ClusterScene.healthy().controllerManager("className: demo\n");
  }

  private static String command(Finding finding) {
    return finding.remedies().getFirst() instanceof Remedy.Declaration declaration
        ? declaration.command()
        : ((Remedy.Command) finding.remedies().getFirst()).command();
  }

  @Test
  void entryOwnedByController() {
    Finding found = Expect.first("entry-owned-by-controller", owned().webEntry());
    assertThat(found.severity()).isEqualTo(Severity.ERROR);
    assertThat(command(found))
        .startsWith("printf %s '{\"apiVersion\":\"spire.spiffe.io/v1alpha1\"")
        .contains(
            "\"kind\":\"ClusterSPIFFEID\"",
            "\"podSelector\":{\"matchLabels\":{\"app\":\"web\"}}",
            "\"kubernetes.io/metadata.name\":\"apps\"",
            "\"className\":\"demo\"")
        .endsWith("| kubectl apply -f -");
    Finding deleted =
        Expect.first(
            "entry-owned-by-controller",
            owned()
                .webEntry()
                .controllerLog(
                    TIME
                        + "INFO\tentry-reconciler\tDeleted entry\t{\"spiffeID\": \""
                        + WEB
                        + "\", \"selectors\": \"[k8s:ns:apps]\"}\n"));
    assertThat(deleted.evidence().toString()).contains("Deleted entry " + WEB);
  }

  @Test
  void anEntryThatWasMadeByHandIsGoing() {
    Finding found = Expect.first("entry-owned-by-controller", owned());
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
    assertThat(command(found)).contains("\"kind\":\"ClusterStaticEntry\"", ALIAS, WEB);
  }

  @Test
  void anotherControllersEntriesAreLeftAlone() {
    Expect.healthy(ClusterScene.healthy().controllerManager("entryIDPrefix: demo\n"));
    Expect.first(
        "entry-missing",
        ClusterScene.healthy().controllerManager("entryIDPrefix: demo\n").webEntry());
  }

  @Test
  void controllerCrdsOutdated() {
    Finding found =
        Expect.first(
            "controller-crds-outdated",
            ClusterScene.healthy()
                .controllerManager("entryIDPrefix: demo\n")
                .absent(Kind.CLUSTER_STATIC_ENTRY)
                .controllerLog(
                    TIME
                        + "ERROR\tentry-reconciler\tFailed to list ClusterStaticEntries\t{\"error\":"
                        + " \"no matches for kind \\\"ClusterStaticEntry\\\" in version"
                        + " \\\"spire.spiffe.io/v1alpha1\\\"\"}\n"));
    assertThat(command(found))
        .isEqualTo(
            "kubectl apply -f https://raw.githubusercontent.com/spiffe/spire-controller-manager/"
                + "v0.6.4/config/crd/bases/spire.spiffe.io_clusterstaticentries.yaml");
  }

  @Test
  void controllerWebhookFailing() {
    Finding found =
        Expect.first(
            "controller-webhook-failing",
            ClusterScene.healthy()
                .controllerManager("entryIDPrefix: demo\n")
                .event(
                    "Job",
                    "apps",
                    "install",
                    "Failed",
                    "failed calling webhook \"vclusterspiffeid.kb.io\": Post"
                        + " \"https://spire-controller-manager-webhook.spire-system.svc:443/\":"
                        + " connection refused"));
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
    assertThat(command(found)).contains("rollout restart");
  }
}
