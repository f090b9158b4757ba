package org.spiredoctor.evidence.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;
import org.spiredoctor.kube.Volume;

/** Finds SPIRE's servers and agents among all pods and their owners, whatever they are called. */
public final class Discovery {
  private final List<Pod> pods;
  private final List<PodOwner> owners;
  private final BiFunction<String, String, Optional<Map<String, String>>> configMaps;

  /**
   * @param configMaps the data of a config map, by namespace and name
   */
  public Discovery(
      List<Pod> pods,
      List<PodOwner> owners,
      BiFunction<String, String, Optional<Map<String, String>>> configMaps) {
    this.pods = pods;
    this.owners = owners;
    this.configMaps = configMaps;
  }

  /** The groups of pods that run one of SPIRE's programs. */
  public List<Component> find(Component.Role role) {
    List<Component> found = new ArrayList<>();
    List<Pod> unowned =
        pods.stream().filter(pod -> runs(role, pod.meta().namespace(), pod)).toList();
    for (PodOwner owner : owners) {
      if (!runs(role, owner.meta().namespace(), owner.template())) {
        continue;
      }
      List<Pod> its = new ArrayList<>();
      List<Pod> others = new ArrayList<>();
      unowned.forEach(pod -> (owns(owner, pod) ? its : others).add(pod));
      unowned = others;
      found.add(component(role, owner.meta().namespace(), Optional.of(owner), List.copyOf(its)));
    }
    Map<String, List<Pod>> bare =
        unowned.stream()
            .filter(pod -> !pod.over())
            .collect(
                Collectors.groupingBy(
                    pod -> pod.meta().namespace(), LinkedHashMap::new, Collectors.toList()));
    bare.forEach((namespace, its) -> found.add(component(role, namespace, Optional.empty(), its)));
    return List.copyOf(found);
  }

  /** A deployment's pods are owned by its replica sets, which have its name and a hash. */
  private static boolean owns(PodOwner owner, Pod pod) {
    return pod.meta().namespace().equals(owner.meta().namespace())
        && pod.meta().owners().stream()
            .anyMatch(
                of ->
                    of.uid().equals(owner.meta().uid())
                        || (owner.kind().equals("Deployment")
                            && of.kind().equals("ReplicaSet")
                            && of.name().startsWith(owner.meta().name() + "-")));
  }

  private Component component(
      Component.Role role, String namespace, Optional<PodOwner> owner, List<Pod> its) {
    List<Pod> living = its.stream().filter(pod -> !pod.meta().deleting() && !pod.over()).toList();
    Pod specimen = living.stream().findFirst().or(() -> owner.map(PodOwner::template)).orElse(null);
    if (specimen == null) {
      return new Component(
          role, namespace, owner, living, role.program(), SpireConfig.NONE, Optional.empty());
    }
    return new Component(
        role,
        namespace,
        owner,
        living,
        role.container(specimen).map(c -> c.name()).orElse(role.program()),
        config(role, namespace, specimen),
        Optional.empty());
  }

  /** The names of the config maps that these pods mount. */
  public static List<String> configMaps(Pod pod) {
    return pod.volumes().stream()
        .filter(Volume.ConfigMap.class::isInstance)
        .map(volume -> ((Volume.ConfigMap) volume).configMap())
        .toList();
  }

  private SpireConfig config(Component.Role role, String namespace, Pod specimen) {
    List<SpireConfig> configs =
        configs(
                configMaps(specimen).stream()
                    .map(name -> configMaps.apply(namespace, name))
                    .toList())
            .toList();
    return configs.stream()
        .filter(config -> config.has(role.block(), "trust_domain"))
        .findFirst()
        // One that is broken says at least that it is one.
        .or(() -> configs.stream().findFirst())
        .orElse(SpireConfig.NONE);
  }

  /** By what its container does; what has an image of one's own also by its configuration. */
  private boolean runs(Component.Role role, String namespace, Pod pod) {
    return role.container(pod)
        .filter(container -> role.isPlain(container) || isConfigured(role, namespace, pod))
        .isPresent();
  }

  /** Where its configuration is not seen, an agent is known by the token that it is attested by. */
  private boolean isConfigured(Component.Role role, String namespace, Pod pod) {
    List<Optional<Map<String, String>>> all =
        configMaps(pod).stream().map(name -> configMaps.apply(namespace, name)).toList();
    return configs(all).anyMatch(config -> config.has(role.block(), "trust_domain"))
        || (all.stream().anyMatch(Optional::isEmpty)
            && (role == Component.Role.SERVER || hasToken(pod)));
  }

  private static boolean hasToken(Pod pod) {
    return pod.volumes().stream()
        .anyMatch(
            volume ->
                volume instanceof Volume.Tokens tokens
                    && tokens.audiences().stream().anyMatch(audience -> !audience.isEmpty()));
  }

  private static Stream<SpireConfig> configs(List<Optional<Map<String, String>>> maps) {
    return maps.stream()
        .flatMap(Optional::stream)
        .flatMap(data -> data.values().stream())
        .filter(text -> text.length() <= SpireConfig.LONGEST)
        .filter(text -> text.contains("trust_domain"))
        .map(SpireConfig::new);
  }

  /**
   * Whether this pod is a part of SPIRE, and no workload: by what its containers do. An init
   * container of SPIRE's image that waits or copies makes no SPIRE of a pod. The OIDC discovery
   * provider is a workload where it asks an agent.
   */
  public boolean isSpire(String namespace, Pod pod) {
    return runs(Component.Role.SERVER, namespace, pod)
        || runs(Component.Role.AGENT, namespace, pod)
        || pod.containers(Container.Role.APP)
            .anyMatch(c -> CsiDriver.runs(pod, c) || ControllerManager.runs(c));
  }
}
