package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * The annotations that say something about identity, injection, security or who manages an object.
 * Others might hold anything: kubectl, kapp and kopf write whole objects with all variables there.
 */
final class Annotations {
  /** Whole names: others with the same beginning can hold manifests, such as volumes of Istio. */
  private static final Set<String> NAMES =
      Set.of(
          "argocd.argoproj.io/tracking-id",
          "deployment.kubernetes.io/revision",
          "inject.istio.io/templates",
          "istio.io/rev",
          "kubectl.kubernetes.io/default-container",
          "kubectl.kubernetes.io/restartedAt",
          "kubernetes.io/config.mirror",
          "kubernetes.io/config.source",
          "linkerd.io/inject",
          "meta.helm.sh/release-name",
          "meta.helm.sh/release-namespace",
          "openshift.io/scc",
          "seccomp.security.alpha.kubernetes.io/pod",
          "security.openshift.io/validated-scc-subject-type",
          "sidecar.istio.io/inject",
          "sidecar.istio.io/status",
          "spiffe.io/federatesWith",
          "spiffe.io/spiffe-id",
          "spiredoctor.org/run");

  private Annotations() {}

  static ObjectNode kept(JsonNode annotations) {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    annotations
        .properties()
        .forEach(
            one -> {
              if (NAMES.contains(one.getKey())) {
                kept.put(one.getKey(), Redaction.text(one.getValue().asText()));
              }
            });
    return kept;
  }
}
