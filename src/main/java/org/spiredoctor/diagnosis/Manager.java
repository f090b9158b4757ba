package org.spiredoctor.diagnosis;

import java.util.Optional;
import org.spiredoctor.kube.Meta;

/**
 * Who made an object, and sets back what is changed in it by hand. Whoever may change the object
 * may have written that: it is told, and nothing is done by it.
 *
 * @param inWords such as {@code Helm release spire of namespace spire-mgmt}
 */
public record Manager(String inWords) {
  private static final String HELM = "meta.helm.sh/release-";
  private static final String FLUX = "toolkit.fluxcd.io/";

  /** Those that look after an object come before those that once installed it. */
  public static Optional<Manager> of(Meta meta) {
    return meta.owners().stream()
        .findFirst()
        .map(owner -> owner.kind() + " " + owner.name())
        .or(() -> argo(meta))
        .or(() -> flux(meta, "kustomize.", "Flux Kustomization"))
        .or(() -> flux(meta, "helm.", "Flux HelmRelease"))
        .or(() -> helm(meta))
        .or(() -> Optional.ofNullable(meta.labels().get("app.kubernetes.io/managed-by")))
        .map(Manager::new);
  }

  private static Optional<String> argo(Meta meta) {
    // Application, kind and object, with colons between them.
    return Optional.ofNullable(meta.annotations().get("argocd.argoproj.io/tracking-id"))
        .map(id -> "Argo CD application " + id.split(":", 2)[0]);
  }

  private static Optional<String> flux(Meta meta, String kind, String inWords) {
    return Optional.ofNullable(meta.labels().get(kind + FLUX + "name"))
        .map(
            name ->
                inWords
                    + " "
                    + meta.labels().getOrDefault(kind + FLUX + "namespace", "")
                    + "/"
                    + name);
  }

  private static Optional<String> helm(Meta meta) {
    return Optional.ofNullable(meta.annotations().get(HELM + "name"))
        .map(
            name ->
                "Helm release "
                    + name
                    + Optional.ofNullable(meta.annotations().get(HELM + "namespace"))
                        .map(namespace -> " of namespace " + namespace)
                        .orElse(""));
  }

  /** {@code , until Helm sets it back}; empty where nobody is known to. */
  public static String until(Meta meta) {
    return of(meta).map(manager -> ", until " + manager.inWords() + " sets it back").orElse("");
  }
}
