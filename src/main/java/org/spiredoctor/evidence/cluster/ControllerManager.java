package org.spiredoctor.evidence.cluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Images;
import org.spiredoctor.kube.Json;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/**
 * A spire-controller-manager beside a server: it makes entries of Kubernetes objects.
 *
 * @param container its name in the server's pods
 * @param config the text of its configuration, where it was seen; untrusted
 */
public record ControllerManager(Component server, String container, Optional<String> config) {
  private static final String PROGRAM = "spire-controller-manager";

  /** What is ignored unless it is said otherwise. */
  private static final List<String> IGNORED = List.of("kube-system", "kube-public", "spire-system");

  private static final Pattern SELECTORS = Pattern.compile("\"selectors\": ?\"\\[([^\\]\"]+)\\]\"");
  private static final Pattern SPIFFE_ID = Pattern.compile("\"spiffeID\": ?\"([^\"]+)\"");
  private static final Selector NONE = new Selector("", "");

  /** Whether this container runs one. */
  public static boolean runs(Container container) {
    return Images.hold(container.image(), PROGRAM);
  }

  /** Those beside these servers. */
  public static List<ControllerManager> of(ClusterEvidence evidence, List<Component> servers) {
    return servers.stream()
        .flatMap(server -> server.specimen().flatMap(pod -> of(evidence, server, pod)).stream())
        .toList();
  }

  private static Optional<ControllerManager> of(
      ClusterEvidence evidence, Component server, Pod pod) {
    Map<String, String> configs = configs(evidence, server, pod);
    return pod.containers(Container.Role.APP)
        .filter(c -> !Component.Role.SERVER.runs(pod, c))
        // Whatever a mirror calls it, it is beside a server, or has the configuration of one.
        .filter(
            c ->
                Images.name(c.image()).contains(PROGRAM)
                    || c.mounts().stream().anyMatch(m -> configs.containsKey(m.volume())))
        .findFirst()
        .map(c -> new ControllerManager(server, c.name(), configs.values().stream().findFirst()));
  }

  /** The configurations of controller-managers that a pod mounts, by the names of the volumes. */
  private static Map<String, String> configs(ClusterEvidence evidence, Component server, Pod pod) {
    Map<String, String> configs = new LinkedHashMap<>();
    for (Volume volume : pod.volumes()) {
      if (volume instanceof Volume.ConfigMap map) {
        Optional.ofNullable(
                evidence.snapshot().configMaps().get(new Name(server.namespace(), map.configMap())))
            .flatMap(Observed::seen)
            .stream()
            .flatMap(json -> Json.strings(json.path("data")).values().stream())
            .filter(text -> text.length() <= SpireConfig.LONGEST)
            .filter(text -> text.contains("ControllerManagerConfig"))
            .findFirst()
            .ifPresent(text -> configs.put(volume.name(), text));
      }
    }
    return configs;
  }

  private YamlLines settings() {
    return new YamlLines(config.orElse(""));
  }

  private Optional<String> value(String setting) {
    return settings().value(setting);
  }

  /** Whether it deletes entries that it did not make; false while its configuration is unknown. */
  public boolean ownsAllEntries() {
    return config.isPresent()
        && (value("entryIDPrefix").isEmpty() || settings().isEmpty("entryIDPrefixCleanup"));
  }

  /** The class that an object must name to be acted on; empty when it need not name any. */
  public String className() {
    return watchesClassless() ? "" : value("className").orElse("");
  }

  private boolean watchesClassless() {
    return value("watchClassless").filter("true"::equals).isPresent();
  }

  /** Whether it acts on objects of this class; empty for none. */
  public boolean actsOn(String itsClass) {
    return (itsClass.isEmpty() && watchesClassless())
        || itsClass.equals(value("className").orElse(""));
  }

  /** Whether it makes no entries for the pods of a namespace. */
  public boolean ignores(String namespace) {
    return settings().list("ignoreNamespaces").orElse(IGNORED).stream()
        .anyMatch(pattern -> GoRegexp.finds(pattern, namespace));
  }

  /** Whether it deletes or sets back an entry that was made or changed by hand. */
  public boolean owns(String entryId) {
    return ownsAllEntries() || value("entryIDPrefix").filter(entryId::startsWith).isPresent();
  }

  /** Its log. */
  public Log log(ClusterEvidence evidence) {
    return new Log(
        server.pods().stream()
            .flatMap(pod -> evidence.log(pod, container).lines().stream())
            .toList());
  }

  /** The SPIFFE ID of the last entry that it deleted and that fits these selectors. */
  public Optional<String> deleted(ClusterEvidence evidence, Set<Selector> selectors) {
    return log(evidence).lines().stream()
        .filter(line -> line.says("Deleted entry") && selectors.containsAll(selectorsOf(line)))
        .reduce((first, last) -> last)
        .map(line -> SPIFFE_ID.matcher(line.text()))
        .map(found -> found.find() ? found.group(1) : "of an id that its log does not tell");
  }

  private static Set<Selector> selectorsOf(Log.Line line) {
    Matcher matcher = SELECTORS.matcher(line.text());
    // Without any it would be everybody's.
    return matcher.find()
        ? Stream.of(matcher.group(1).split(",(?=[a-z0-9_]+:)"))
            .map(Selector::parse)
            .collect(Collectors.toSet())
        : Set.of(NONE);
  }

  /** Whether an entry was made for one pod, of a ClusterSPIFFEID. */
  public static boolean ofPod(Entry entry) {
    return entry.selectors().stream().anyMatch(Selector::namesPod);
  }

  /** The ClusterStaticEntry that declares an entry. */
  public static Optional<String> staticEntry(ClusterEvidence evidence, Entry entry) {
    return evidence.snapshot().objects(Kind.CLUSTER_STATIC_ENTRY).seen().orElse(List.of()).stream()
        .filter(one -> StaticEntry.entry(one).key().equals(entry.key()))
        .map(one -> one.path("metadata").path("name").asText())
        .findFirst();
  }
}
