package org.spiredoctor.run.patch;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A place in a pod.
 *
 * @param shown as it is told: {@code spec.containers[1].env}
 * @param kind the same without indexes: {@code spec.containers[].env}
 */
record PatchPlace(String shown, String kind) {
  static final PatchPlace POD = new PatchPlace("", "");

  /** A set, whose items are their own keys. */
  static final String ITSELF = "";

  private static final String ITEM = "[]";
  private static final String VOLUMES = "spec.volumes";
  private static final String CLAIM = VOLUMES + "[].ephemeral.volumeClaimTemplate.";

  /** The lists of a pod that are merged, by what tells their items apart. */
  private static final Map<String, String> KEYS =
      Stream.concat(
              Stream.of("containers", "initContainers", "ephemeralContainers")
                  .map(list -> "spec." + list)
                  .flatMap(
                      list ->
                          Stream.of(
                              Map.entry(list, "name"),
                              Map.entry(list + "[].env", "name"),
                              Map.entry(list + "[].ports", "containerPort"),
                              Map.entry(list + "[].volumeMounts", "mountPath"),
                              Map.entry(list + "[].volumeDevices", "devicePath"))),
              Stream.of(
                  Map.entry(VOLUMES, "name"),
                  Map.entry("spec.imagePullSecrets", "name"),
                  Map.entry("spec.hostAliases", "ip"),
                  Map.entry("spec.topologySpreadConstraints", "topologyKey"),
                  Map.entry("spec.resourceClaims", "name"),
                  Map.entry("spec.schedulingGates", "name"),
                  Map.entry("metadata.ownerReferences", "uid"),
                  Map.entry("metadata.finalizers", ITSELF),
                  Map.entry(CLAIM + "metadata.ownerReferences", "uid"),
                  Map.entry(CLAIM + "metadata.finalizers", ITSELF)))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  PatchPlace field(String name) {
    return shown.isEmpty()
        ? new PatchPlace(name, name)
        : new PatchPlace(shown + "." + name, kind + "." + name);
  }

  PatchPlace item(int index) {
    return new PatchPlace(shown + "[" + index + "]", kind + ITEM);
  }

  /** What tells the items of this list apart, where it is one that is merged. */
  Optional<String> mergeKey() {
    return Optional.ofNullable(KEYS.get(kind));
  }

  boolean isVolume() {
    return kind.equals(VOLUMES + ITEM);
  }

  IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException((shown.isEmpty() ? "the pod" : shown) + ": " + what);
  }
}
