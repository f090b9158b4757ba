package org.spiredoctor.evidence.cluster;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
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

  private static final Pattern IGNORE =
      Pattern.compile(
          "(?m)^\\s*\"?ignoreNamespaces\"?\\s*:\\s*(\\[[^\\]]*\\]|(?:\\n\\s*-[^\\n]*)+)");
  private static final Pattern CLEANS_ALL =
      Pattern.compile("(?m)^\\s*\"?entryIDPrefixCleanup\"?\\s*:\\s*(?:\"\"|'')\\s*,?\\s*$");

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
        .filter(text -> text.contains("ControllerManagerConfig"))
        .findFirst();
  }

  private Optional<String> value(String setting) {
    Matcher matcher =
        Pattern.compile("(?m)^\\s*\"?" + setting + "\"?\\s*:[ \\t]*[\"']?([^\"'\\s,#]+)")
            .matcher(config.orElse(""));
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Whether it deletes entries that it did not make; false while its configuration is unknown. */
  public boolean ownsAllEntries() {
    return config.isPresent()
        && (value("entryIDPrefix").isEmpty() || CLEANS_ALL.matcher(config.get()).find());
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
    Matcher matcher = IGNORE.matcher(config.orElse(""));
    List<String> patterns =
        matcher.find()
            ? Pattern.compile("[^\\s\\[\\],\"'-][^\\s\\[\\],\"']*")
                .matcher(matcher.group(1))
                .results()
                .map(found -> found.group())
                .toList()
            : IGNORED;
    return patterns.stream().anyMatch(pattern -> finds(pattern, namespace));
  }

  /** As Go does, which is content with a part of the name. */
  private static boolean finds(String pattern, String namespace) {
    try {
      return Pattern.compile(pattern).matcher(namespace).find();
    } catch (PatternSyntaxException e) {
      return pattern.equals(namespace);
    }
  }

  /** The ClusterStaticEntry that declares an entry. */
  public static Optional<String> staticEntry(
      ClusterEvidence evidence, String spiffeId, String parentId) {
    return evidence.snapshot().objects(Kind.CLUSTER_STATIC_ENTRY).seen().orElse(List.of()).stream()
        .filter(one -> one.path("spec").path("spiffeID").asText().equals(spiffeId))
        .filter(one -> one.path("spec").path("parentID").asText().equals(parentId))
        .map(one -> one.path("metadata").path("name").asText())
        .findFirst();
  }
}
