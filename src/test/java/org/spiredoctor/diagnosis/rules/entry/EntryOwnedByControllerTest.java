package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;

class EntryOwnedByControllerTest {
  private static final String TIME = "2026-01-02T03:03:50Z\t";

  private static ClusterScene owned() {
    return ClusterScene.healthy().controllerManager("className: demo\n");
  }

  private static String declaration(Finding finding) {
    return ((Remedy.Declaration) finding.remedies().getFirst()).command();
  }

  @Test
  void entryOwnedByController() {
    Finding found = Expect.first("entry-owned-by-controller", owned().webEntry());
    assertThat(found.severity()).isEqualTo(Severity.ERROR);
    assertThat(declaration(found))
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
    assertThat(declaration(found)).contains("\"kind\":\"ClusterStaticEntry\"", ALIAS, WEB);
  }

  @Test
  void anotherControllersEntriesAreLeftAlone() {
    Expect.healthy(ClusterScene.healthy().controllerManager("entryIDPrefix: demo\n"));
    Expect.first(
        "entry-missing",
        ClusterScene.healthy().controllerManager("entryIDPrefix: demo\n").webEntry());
  }
}
