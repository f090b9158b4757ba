package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.NS;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.SA;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.command;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;

class EntryImageTagAmbiguousTest {
  @Test
  void entryImageTagAmbiguous() {
    for (String image : List.of("web:latest", "docker.io/library/web:2", "index.docker.io/web:1")) {
      Finding found =
          Expect.first(
              "entry-image-tag-ambiguous",
              ClusterScene.healthy()
                  .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:container-image:" + image)));
      assertThat(command(found))
          .contains("entry update -entryID e1", "-selector k8s:container-image:web:1");
    }
  }
}
