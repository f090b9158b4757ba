package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * The annotations that say something about identity, injection, security or who manages an object.
 * Others might hold anything: kubectl, kapp and kopf write whole objects with all variables there.
 */
final class Annotations {
  private static final List<String> PREFIXES =
      List.of(
          "container.apparmor.security.beta.kubernetes.io/",
          "inject.istio.io/",
          "pod-security.kubernetes.io/",
          "security.openshift.io/",
          "spiffe.io/",
          "spire.spiffe.io/",
          "spiredoctor.org/");

  private static final Set<String> NAMES =
      Set.of(
          "argocd.argoproj.io/tracking-id",
          "deployment.kubernetes.io/revision",
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
          // Others of Istio hold volumes and settings of Envoy.
          "sidecar.istio.io/inject",
          "sidecar.istio.io/status");

  private Annotations() {}

  static ObjectNode kept(JsonNode annotations) {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    annotations
        .properties()
        .forEach(
            one -> {
              if (isKept(one.getKey())) {
                kept.put(one.getKey(), Redaction.text(one.getValue().asText()));
              }
            });
    return kept;
  }

  private static boolean isKept(String name) {
    return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
  }
}
