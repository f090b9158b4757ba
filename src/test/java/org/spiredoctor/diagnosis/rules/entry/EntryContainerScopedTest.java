package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.NS;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.SA;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.command;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class EntryContainerScopedTest {
  @Test
  void entryContainerScoped() {
    Expect.first(
        "entry-container-scoped",
        ClusterScene.healthy()
            .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:container-name:worker")));
    Finding init =
        Expect.first(
            "entry-container-scoped",
            ClusterScene.healthy()
                .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:container-name:app"))
                .set(
                    Kind.POD,
                    "web",
                    "/spec/initContainers",
                    "[{name: wait, image: spire-doctor, volumeMounts: [{name: spire, mountPath: /s}]}]"));
    assertThat(init.summary()).contains("init container wait");
    assertThat(command(init)).contains("entry create").contains("k8s:container-name:wait");
  }
}
