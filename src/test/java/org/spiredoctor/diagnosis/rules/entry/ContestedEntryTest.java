package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.APP;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.NS;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.SA;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.command;

import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;

/** An entry that several workloads could be meant by. */
class ContestedEntryTest {
  @Test
  void anEntryThatServesOthersIsLeftToThem() {
    Finding slip =
        Expect.first(
            "entry-selector-mismatch",
            ClusterScene.healthy()
                .object(
                    Kind.POD,
                    """
                    {metadata: {name: web2, namespace: apps, uid: pod-uid-2, labels: {app: wbe}},
                     spec: {nodeName: node-1, serviceAccountName: default,
                       containers: [{name: app, image: "web:1",
                         env: [{name: SPIFFE_ENDPOINT_SOCKET, value: "unix:///s/api.sock"}],
                         volumeMounts: [{name: spire, mountPath: /s}]}],
                       volumes: [{name: spire, hostPath: {path: /run/spire/sockets}}]},
                     status: {phase: Running, conditions: [{type: Ready, status: "True"}]}}
                    """));
    assertThat(command(slip)).contains("entry create").contains("k8s:pod-label:app:wbe");
  }

  private static ClusterScene twoPods(String entrysLabel, String secondsLabel) {
    return ClusterScene.healthy()
        .copy(Kind.POD, "web", "two")
        .set(Kind.POD, "two", "/metadata/labels", "{app: " + secondsLabel + "}")
        .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:pod-label:app:" + entrysLabel));
  }

  private static List<Finding> mismatches(ClusterScene scene) {
    return scene.report().findings().stream()
        .map(Report.Ranked::finding)
        .filter(finding -> finding.id().equals("entry-selector-mismatch"))
        .sorted(Comparator.comparing((Finding finding) -> finding.subject().name()).reversed())
        .toList();
  }

  /** It is made for one workload: no other is told to take it. */
  @Test
  void anEntryThatSeveralWorkloadsLackIsNotGivenToEach() {
    List<Finding> slip = mismatches(twoPods("wep", "batch"));
    assertThat(command(slip.getFirst())).contains("entry update -entryID e1");
    assertThat(command(slip.getLast()))
        .contains("entry create")
        .contains("k8s:pod-label:app:batch");
    assertThat(slip.getLast().remedies())
        .noneMatch(remedy -> remedy.toString().contains("entry update"))
        .extracting(Remedy::summary)
        .contains(
            "The entry e1 ("
                + WEB
                + ") is not changed: it is nearer to another workload than to this one");
    List<Finding> alike = mismatches(twoPods("payments", "batch"));
    assertThat(alike).hasSize(2);
    alike.forEach(
        finding -> {
          assertThat(command(finding)).contains("entry create");
          assertThat(finding.remedies().getLast().summary())
              .endsWith("is not changed: it is as near to another workload as to this one");
        });
    // Whichever of them is asked about.
    assertThat(mismatches(twoPods("wep", "batch").askingFor("apps", "two")))
        .singleElement()
        .satisfies(finding -> assertThat(command(finding)).contains("entry create"));
    // Both would have it, by the same selectors: no matter of one or the other.
    mismatches(twoPods("payments", "web"))
        .forEach(finding -> assertThat(command(finding)).contains("entry update -entryID e1"));
  }

  /** A second pod beside pod web, which runs this image, and has as many sidecars. */
  private static ClusterScene beside(String image, int sidecars, Entry entry) {
    String containers =
        "[{name: app, image: '%s', env: [{name: SPIFFE_ENDPOINT_SOCKET, value: 'unix:///s/api.sock'}],"
                .formatted(image)
            + " volumeMounts: [{name: spire, mountPath: /s}]}"
            + ", {name: proxy, image: 'proxy:1'}".repeat(sidecars)
            + "]";
    return ClusterScene.healthy()
        .copy(Kind.POD, "web", "two")
        .set(Kind.POD, "two", "/metadata/labels", "{app: batch}")
        .set(Kind.POD, "two", "/spec/containers", containers)
        .set(Kind.POD, "two", "/status/containerStatuses", "[]")
        .webEntry(entry);
  }

  private static List<Finding> causes(ClusterScene scene) {
    return scene.report().findings().stream().map(Report.Ranked::finding).toList();
  }

  private static void expectContested(String id, ClusterScene scene, String why) {
    // Whichever of them is asked about.
    for (ClusterScene one : List.of(scene, scene.askingFor("apps", "web"))) {
      Finding found =
          causes(one).stream()
              .filter(f -> f.id().equals(id) && f.subject().name().equals("web"))
              .findFirst()
              .orElseThrow(() -> new AssertionError(causes(one).toString()));
      assertThat(command(found)).contains("entry create").doesNotContain("-spiffeID " + WEB + " ");
      assertThat(found.remedies())
          .noneMatch(remedy -> remedy.toString().contains("entry update"))
          .extracting(Remedy::summary)
          .contains("The entry e1 (" + WEB + ") is not changed: it " + why);
    }
  }

  /** The rest of it fits both: by the image or the number alone nobody is its owner. */
  @Test
  void anEntryOfWhichOnlyImagesDifferIsNotGivenToEach() {
    String alike = "is as near to another workload as to this one";
    String tag = "entry-image-tag-ambiguous";
    String count = "entry-image-count-changed";
    Entry image = entry("e1", WEB, ALIAS, NS, SA, "k8s:container-image:web:7");
    Entry number = entry("e1", WEB, ALIAS, NS, SA, "k8s:pod-image-count:5");
    Entry both = entry("e1", WEB, ALIAS, NS, SA, "k8s:pod-image:web:1", "k8s:pod-image-count:5");
    expectContested(tag, beside("web:2", 0, image), alike);
    expectContested(count, beside("web:1", 1, number), alike);
    expectContested(count, beside("web:2", 4, both), alike);
    // Also where only a letter of the other's tag is wrong.
    Entry slip = entry("e1", WEB, ALIAS, NS, SA, "k8s:container-image:web:lastest");
    expectContested(tag, beside("web:latest", 0, slip), alike);
    // All of the other fits but a letter of its label.
    Entry label = entry("e1", WEB, ALIAS, NS, SA, APP + "x", "k8s:container-image:web:7");
    expectContested(
        tag,
        beside("web:7", 0, label)
            .set(Kind.POD, "web", "/metadata/labels", "{app: webx}")
            .set(Kind.POD, "two", "/metadata/labels", "{app: web}"),
        alike);
    // Both would have it, by the same selectors: no matter of one or the other.
    assertThat(causes(beside("web:1", 0, image)))
        .filteredOn(found -> found.id().equals(tag))
        .hasSize(2)
        .allSatisfy(found -> assertThat(command(found)).contains("entry update -entryID e1"));
  }

  /** A pod that runs another tag is the likelier owner than one with a label like it. */
  @Test
  void aSlipOfThePenDoesNotTakeAnEntryFromWhoHasAnotherTag() {
    ClusterScene scene =
        beside("web:2", 0, entry("e1", WEB, ALIAS, NS, SA, APP + "x", "k8s:pod-image:web:1"))
            .set(Kind.POD, "two", "/metadata/labels", "{app: webx}");
    assertThat(mismatches(scene))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.remedies().toString())
                    .doesNotContain("entry update")
                    .contains("is as near to another workload as to this one"));
  }
}
