package org.spiredoctor.diagnosis.rules.entry;

import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.Scene.svid;

import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;

/** Entries and declarations with one thing that is special. */
final class EntryScenes {
  static final String NS = "k8s:ns:apps";
  static final String SA = "k8s:sa:default";
  static final String APP = "k8s:pod-label:app:web";

  private EntryScenes() {}

  /** The command of the change of an entry that is offered first. */
  static String command(Finding finding) {
    return ((Remedy.EntryChange) finding.remedies().getFirst()).command();
  }

  /** An entry of the pod that expires, or whose SVID is only stored. */
  static Entry special(Optional<java.time.Instant> expires, boolean store, String app) {
    Entry plain = entry("e1", WEB, ALIAS, NS, SA, "k8s:pod-label:app:" + app);
    return new Entry(
        plain.id(),
        plain.spiffeId(),
        plain.parentId(),
        plain.selectors(),
        expires,
        plain.createdAt(),
        false,
        store,
        "",
        List.of(),
        Entry.Settings.NONE);
  }

  /** An entry of another time, with a hint. */
  static Entry with(Entry plain, Optional<java.time.Instant> created, String hint) {
    return new Entry(
        plain.id(),
        plain.spiffeId(),
        plain.parentId(),
        plain.selectors(),
        plain.expiresAt(),
        created,
        false,
        false,
        hint,
        plain.federatesWith(),
        plain.settings());
  }

  /** The pod has no entry, but there is a ClusterSPIFFEID for it. */
  static ClusterScene withClusterSpiffeId(String settings, String spec, String stats) {
    return ClusterScene.healthy()
        .webEntry()
        .controllerManager("entryIDPrefix: demo\n" + settings)
        .object(
            Kind.CLUSTER_SPIFFE_ID,
            "{metadata: {name: web}, spec: {podSelector: {matchLabels: {app: web}}, "
                + "namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, "
                + "operator: In, values: [apps]}]}, spiffeIDTemplate: x"
                + spec
                + "}, status: {stats: {"
                + stats
                + "}}}");
  }

  /** A pod that is denied, and is served when it calls again. */
  static Scene deniedThenServedAfter(Duration after) {
    return Scene.status(Code.PERMISSION_DENIED, "no identity issued")
        .later(after)
        .answer(svid("spiffe://example.org/web"));
  }
}
