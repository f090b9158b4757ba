package org.spiredoctor.diagnosis.rules.entry;

import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.kube.Kind;

/** Scenes of SPIRE as its chart installs it, with one more ClusterSPIFFEID. */
final class DeclarationScenes {
  static final String OWN = "'spiffe://{{ .TrustDomain }}/payments/{{.PodMeta.Name}}'";
  static final String CLASS = "className: spire-server-spire";

  private DeclarationScenes() {}

  /** As the chart installs it, with one more object. */
  static ClusterScene chart(String spec, String template, String status) {
    return ClusterScene.healthy()
        .controllerManager(CLASS + "\nentryIDPrefix: demo\nwatchClassless: false\n")
        .object(
            Kind.CLUSTER_SPIFFE_ID,
            "{metadata: {name: payments}, spec: {%s, spiffeIDTemplate: %s}, status: {stats: {%s}}}"
                .formatted(spec, template, status));
  }

  static ClusterScene without(String spec) {
    return chart(spec, OWN, "podsSelected: 0").webEntry();
  }
}
