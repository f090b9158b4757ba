package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;
import static org.spiredoctor.diagnosis.OfferedRemedies.APP;
import static org.spiredoctor.diagnosis.OfferedRemedies.NS;
import static org.spiredoctor.diagnosis.OfferedRemedies.SA;
import static org.spiredoctor.diagnosis.OfferedRemedies.SLIP;
import static org.spiredoctor.diagnosis.OfferedRemedies.applied;
import static org.spiredoctor.diagnosis.OfferedRemedies.assertGivenItsOwn;
import static org.spiredoctor.diagnosis.OfferedRemedies.commands;
import static org.spiredoctor.diagnosis.OfferedRemedies.first;
import static org.spiredoctor.diagnosis.OfferedRemedies.named;
import static org.spiredoctor.diagnosis.OfferedRemedies.pod;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.kube.Kind;

/** An entry for a container or an image of others is not given to a pod. */
class HarmlessContainerRemediesTest {
  @Test
  void anEntryForOneContainerIsNotWidened() {
    Finding found =
        first(
            healthy()
                .add(Kind.POD, "web", "/spec/containers", "{name: worker, image: worker}")
                .webEntry(entry("e1", WEB, ALIAS, NS, "k8s:container-name:worker")));
    assertThat(found.id()).isEqualTo("entry-container-scoped");
    assertThat(commands(found))
        .singleElement()
        .asString()
        .contains("entry create", "-selector k8s:container-name:app", NS, SA);
    assertThat(found.remedies().get(1).summary()).contains("is not changed");
    Finding image =
        first(healthy().webEntry(entry("e1", WEB, ALIAS, NS, SLIP, "k8s:container-image:other:1")));
    commands(image).stream()
        .filter(command -> command.contains(WEB + " "))
        .forEach(command -> assertThat(command).contains("k8s:container-"));
  }

  /** Whoever can push an image chooses its name: it says nothing of who runs it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "container-image:registry.test/web:1",
        "container-image:registry.test/web@sha256:aa",
        "container-image:library/wep:1",
        "container-image:team/web:1",
        "pod-image:registry.test/web:1",
        "pod-image:registry.test:5000/web",
        "pod-image:wep:1",
        "pod-imge:wep:1",
        "pod-init-image:web:1"
      })
  void anEntryForAnotherImageIsNotGivenToThisOne(String image) {
    for (List<String> rest : List.of(List.of(SA, APP), List.of(SA, SLIP), List.of(SA))) {
      List<String> selectors = new ArrayList<>(rest);
      selectors.addAll(List.of(NS, "k8s:" + image));
      ClusterScene scene =
          healthy().webEntry(entry("e1", WEB, ALIAS, selectors.toArray(String[]::new)));
      Finding found = first(scene);
      assertGivenItsOwn(found);
      assertThat(found.remedies().get(1).summary())
          .contains(
              "not changed: it asks for k8s:" + image + ", and the pod runs no image of that");
      // Who names both may paste what is shown.
      assertThat(commands(first(named(scene)))).noneMatch(c -> c.contains("entry update"));
      assertThat(applied(named(scene))).isEmpty();
    }
  }

  @Test
  void anEntryForTheContainerOfAnotherWorkloadIsNotGivenToThisOne() {
    String twin = pod("two", "batch").replace("name: app, image", "name: %s, image");
    // It serves the container of that name of the other, or is as near to that one.
    for (String name : List.of("worker", "batch")) {
      ClusterScene scene =
          healthy()
              .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:container-name:worker"))
              .object(Kind.POD, twin.formatted(name));
      Finding found =
          scene.report().findings().stream()
              .map(Report.Ranked::finding)
              .filter(f -> f.subject().name().equals("web"))
              .findFirst()
              .orElseThrow();
      assertThat(found.id()).isEqualTo("entry-container-scoped");
      assertGivenItsOwn(found);
      assertThat(found.remedies().get(1).summary())
          .endsWith(
              "is not changed: it "
                  + (name.equals("worker")
                      ? "serves other pods"
                      : "is as near to another workload as to this one"));
    }
  }

  /** It gains nothing that it does not have. */
  @Test
  void anotherContainerOfAPodThatIsServedIsGivenTheSame() {
    String twin = pod("two", "batch");
    for (String selectors : List.of(NS + " " + SA, SA)) {
      List<String> all = new ArrayList<>(List.of(selectors.split(" ")));
      all.add("k8s:container-name:app");
      Finding found =
          first(
              healthy()
                  .webEntry(entry("e1", WEB, ALIAS, all.toArray(String[]::new)))
                  .object(Kind.POD, twin)
                  .set(
                      Kind.POD,
                      "web",
                      "/spec/initContainers",
                      "[{name: wait, image: wait, volumeMounts: [{name: spire, mountPath: /s}]}]"));
      assertThat(found.id()).isEqualTo("entry-container-scoped");
      assertThat(commands(found))
          .singleElement()
          .asString()
          .contains("entry create -spiffeID " + WEB, "k8s:container-name:wait", NS, SA);
    }
  }

  /** As a second pod of the service account of one whose Deployment is scaled to zero. */
  @Test
  void anEntryForAContainerThatThePodDoesNotHaveIsForAnother() {
    Finding found =
        first(healthy().webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:container-name:worker")));
    assertThat(found.id()).isEqualTo("entry-container-scoped");
    assertThat(found.summary()).contains("asks for container worker, which the pod does not have");
    assertThat(found.confidence()).isEqualTo(Confidence.POSSIBLE);
    assertThat(commands(found)).noneMatch(command -> command.contains("-spiffeID " + WEB + " "));
    assertThat(found.remedies()).anyMatch(remedy -> remedy.summary().contains("is not changed"));
  }
}
