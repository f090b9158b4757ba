package org.spiredoctor.diagnosis;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spiredoctor.kube.Meta;

/**
 * What manages an object, by the marks that the object carries. A direct change of the object is
 * undone sooner or later, so that it has to be made there.
 *
 * @param kind of {@code name}, such as {@code HelmRelease}; empty where the tool says nothing more
 * @param namespace empty for what has none, or where it is not marked
 * @param name untrusted, like every mark
 */
public record Manager(Tool tool, String kind, String namespace, String name) {

  /** Which tool. */
  public enum Tool {
    CONTROLLER,
    ARGOCD,
    FLUX,
    HELM,
    OTHER
  }

  /** What Kubernetes makes pods with, and the owner of a static pod: no one else's tools. */
  private static final Set<String> BUILT_IN =
      Set.of("ReplicaSet", "DaemonSet", "StatefulSet", "Deployment", "Job", "CronJob", "Node");

  /** Of Kubernetes' objects, their kinds, and releases. */
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9._]{0,251}[A-Za-z0-9])?");

  private static final String TRACKING = "argocd.argoproj.io/tracking-id";
  private static final String INSTANCE = "argocd.argoproj.io/instance";
  private static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /**
   * Of an object; absent when it carries no mark. What is harder to copy is trusted first.
   *
   * @param kind of the object, as Kubernetes writes it
   */
  public static Optional<Manager> of(String kind, Meta object) {
    return Stream.of(
            object.owners().stream()
                .filter(owner -> owner.controller() && !BUILT_IN.contains(owner.kind()))
                .filter(owner -> isName(owner.kind()) && isName(owner.name()))
                .findFirst()
                .map(owner -> new Manager(Tool.CONTROLLER, owner.kind(), "", owner.name())),
            argo(kind, object),
            flux(object.labels(), "helm.toolkit.fluxcd.io/", "HelmRelease"),
            flux(object.labels(), "kustomize.toolkit.fluxcd.io/", "Kustomization"),
            helm(object),
            label(object, MANAGED_BY)
                .map(by -> new Manager(by.equals("Helm") ? Tool.HELM : Tool.OTHER, "", "", by)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /**
   * The tracking id is {@code application:group/Kind:namespace/name}. Argo CD ignores one that
   * names another object, as a copy of an object has it.
   */
  private static Optional<Manager> argo(String kind, Meta object) {
    String of = "/" + kind + ":" + object.namespace() + "/" + object.name();
    return Optional.ofNullable(object.annotations().get(TRACKING))
        .filter(id -> id.endsWith(of) && id.indexOf(':') > 0)
        .map(id -> id.substring(0, id.indexOf(':')))
        .or(() -> label(object, INSTANCE))
        // With a namespace where applications are in any: Argo CD writes an underscore between.
        .filter(Manager::isName)
        .map(application -> new Manager(Tool.ARGOCD, "Application", "", application));
  }

  private static Optional<Manager> flux(Map<String, String> labels, String prefix, String kind) {
    return Optional.ofNullable(labels.get(prefix + "name"))
        .filter(Manager::isName)
        .filter(_ -> isNameOrNone(labels.getOrDefault(prefix + "namespace", "")))
        .map(
            name ->
                new Manager(Tool.FLUX, kind, labels.getOrDefault(prefix + "namespace", ""), name));
  }

  private static Optional<Manager> helm(Meta object) {
    return Optional.ofNullable(object.annotations().get("meta.helm.sh/release-name"))
        .filter(Manager::isName)
        .filter(
            _ ->
                isNameOrNone(
                    object.annotations().getOrDefault("meta.helm.sh/release-namespace", "")))
        .map(
            release ->
                new Manager(
                    Tool.HELM,
                    "Release",
                    object.annotations().getOrDefault("meta.helm.sh/release-namespace", ""),
                    release));
  }

  /** Annotations hold what anybody wrote: a sentence in one must not become one of the report. */
  private static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  private static boolean isNameOrNone(String text) {
    return text.isEmpty() || isName(text);
  }

  private static Optional<String> label(Meta object, String name) {
    return Optional.ofNullable(object.labels().get(name)).filter(Manager::isName);
  }

  /**
   * Says where a change has to be made, as the end of a sentence about the object.
   *
   * @param what to change there, such as {@code it}
   */
  String inWords(String what) {
    String whole = kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
    return switch (tool) {
      case CONTROLLER ->
          "is owned by %s: change %s there; a direct change might be undone".formatted(whole, what);
      case ARGOCD ->
          "belongs to the Argo CD application %s: change %s in its repository; a direct change lasts until the next sync"
              .formatted(name, what);
      case FLUX ->
          "belongs to the Flux %s: change %s in its repository; a direct change lasts until the next reconciliation"
              .formatted(whole, what);
      case HELM ->
          kind.isEmpty()
              ? "is rendered from a Helm chart, and no release of Helm has it: change %s where the chart is rendered; a direct change might be undone"
                  .formatted(what)
              : "belongs to %s: change %s there; a direct change lasts until the next upgrade"
                  .formatted(release(), what);
      case OTHER ->
          "is marked as managed by %s: change %s there; a direct change might be undone"
              .formatted(name, what);
    };
  }

  private String release() {
    return "Helm release " + name + (namespace.isEmpty() ? "" : " (namespace " + namespace + ")");
  }
}
