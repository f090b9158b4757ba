package org.spiredoctor.evidence.cluster;

import java.util.List;
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
import org.spiredoctor.kube.Json;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Pod;

/**
 * A spire-controller-manager beside a server: it makes entries of Kubernetes objects.
 *
 * @param container its name in the server's pods
 * @param config the text of its configuration, where it was seen; untrusted
 */
public record ControllerManager(Component server, String container, Optional<String> config) {
  /** What is ignored unless it is said otherwise. */
  private static final List<String> IGNORED = List.of("kube-system", "kube-public", "spire-system");

  private static final Pattern SELECTORS = Pattern.compile("\"selectors\": ?\"\\[([^\\]\"]+)\\]\"");
  private static final Pattern SPIFFE_ID = Pattern.compile("\"spiffeID\": ?\"([^\"]+)\"");
  private static final Selector NONE = new Selector("", "");

  /** Whether this container runs one. */
  public static boolean runs(Container container) {
    return container.image().contains("spire-controller-manager");
  }

  /** Those beside these servers. */
  public static List<ControllerManager> of(ClusterEvidence evidence, List<Component> servers) {
    return servers.stream()
        .flatMap(server -> server.specimen().flatMap(pod -> of(evidence, server, pod)).stream())
        .toList();
  }

  private static Optional<ControllerManager> of(
      ClusterEvidence evidence, Component server, Pod pod) {
    return pod.containers(Container.Role.APP)
        .filter(ControllerManager::runs)
        .findFirst()
        .map(c -> new ControllerManager(server, c.name(), config(evidence, server, pod)));
  }

  private static Optional<String> config(ClusterEvidence evidence, Component server, Pod pod) {
    return Discovery.configMaps(pod).stream()
        .flatMap(
            name ->
                Optional.ofNullable(
                    evidence.snapshot().configMaps().get(new Name(server.namespace(), name)))
                    .flatMap(Observed::seen)
                    .stream())
        .flatMap(map -> Json.strings(map.path("data")).values().stream())
        .filter(text -> text.length() <= SpireConfig.LONGEST)
        .filter(text -> text.contains("ControllerManagerConfig"))
        .findFirst();
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

  /** The class that an object must name to be heeded; empty when it need not name any. */
  public String className() {
    return watchesClassless() ? "" : value("className").orElse("");
  }

  private boolean watchesClassless() {
    return value("watchClassless").filter("true"::equals).isPresent();
  }

  /** Whether it heeds objects of this class; empty for none. */
  public boolean heeds(String itsClass) {
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
    return entry.selectors().stream().anyMatch(s -> s.subject().equals("k8s:pod-uid"));
  }

  /** The ClusterStaticEntry that declares an entry. */
  public static Optional<String> staticEntry(ClusterEvidence evidence, Entry entry) {
    return evidence.snapshot().objects(Kind.CLUSTER_STATIC_ENTRY).seen().orElse(List.of()).stream()
        .filter(one -> StaticEntry.entry(one).key().equals(entry.key()))
        .map(one -> one.path("metadata").path("name").asText())
        .findFirst();
  }
}
