package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.FixPolicy.Consent;
import org.spiredoctor.identity.Entry;

/** What is offered for the entry of a pod, and what {@code --fix} does of it. */
final class OfferedRemedies {
  static final String NS = "k8s:ns:apps";
  static final String SA = "k8s:sa:default";
  static final String APP = "k8s:pod-label:app:web";
  static final String SLIP = "k8s:pod-label:app:wep";

  private OfferedRemedies() {}

  static Finding first(ClusterScene scene) {
    return scene.report().findings().getFirst().finding();
  }

  static Remedy.EntryChange change(Finding finding) {
    return (Remedy.EntryChange) finding.remedies().getFirst();
  }

  static Consent consent(ClusterScene scene) {
    Finding finding = first(scene);
    return FixPolicy.decide(finding, change(finding)).consent();
  }

  /** What {@code --fix} makes, asked or not. */
  static List<Remedy> applied(ClusterScene scene) {
    List<Remedy> applied = new ArrayList<>();
    for (Finding finding : scene.report().causes().toList()) {
      if (finding.remedies().getFirst() instanceof Remedy.EntryChange change
          && FixPolicy.decide(finding, change).consent() != Consent.SHOWN) {
        applied.add(change);
      }
    }
    return applied;
  }

  /** All that could be pasted. */
  static List<String> commands(Finding finding) {
    List<String> commands = new ArrayList<>();
    for (Remedy remedy : finding.remedies()) {
      switch (remedy) {
        case Remedy.Command one -> commands.add(one.command());
        case Remedy.EntryChange one -> commands.add(one.command());
        case Remedy.Declaration one -> commands.add(one.command());
        case Remedy.Patch one -> commands.add(one.yaml());
        case Remedy.Advice _ -> {}
      }
    }
    return commands;
  }

  static Entry with(Entry plain, Optional<Instant> end, boolean admin, boolean downstream) {
    return new Entry(
        plain.id(),
        plain.spiffeId(),
        plain.parentId(),
        plain.selectors(),
        end,
        plain.createdAt(),
        downstream,
        false,
        "",
        List.of(),
        new Entry.Settings(admin, 0, 0, List.of(), false, false));
  }

  static Entry admin(Entry plain) {
    return with(plain, Optional.empty(), true, false);
  }

  static ClusterScene named(ClusterScene scene) {
    return scene.askingFor("apps", "web").expecting(WEB);
  }

  static String pod(String name, String app) {
    return """
    {metadata: {name: %s, namespace: apps, uid: uid-%s, labels: {app: %s}},
     spec: {nodeName: node-1, serviceAccountName: default,
       containers: [{name: app, image: "web:1",
         env: [{name: SPIFFE_ENDPOINT_SOCKET, value: "unix:///s/api.sock"}],
         volumeMounts: [{name: spire, mountPath: /s}]}],
       volumes: [{name: spire, hostPath: {path: /run/spire/sockets}}]},
     status: {phase: Running, conditions: [{type: Ready, status: "True"}]}}
    """
        .formatted(name, name, app);
  }

  /** An entry, and not that of the others' identity. */
  static void assertGivenItsOwn(Finding found) {
    assertThat(commands(found))
        .as("%s", found)
        .singleElement()
        .asString()
        .contains("entry create")
        .doesNotContain("-spiffeID " + WEB + " ");
  }
}
