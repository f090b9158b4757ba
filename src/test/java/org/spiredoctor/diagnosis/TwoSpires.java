package org.spiredoctor.diagnosis;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.kube.Access;
import org.spiredoctor.kube.Kind;

/**
 * Puts a second, healthy SPIRE beside the one of a scene: on the same node, with a socket of its
 * own and pods in the same namespace. All that is its own is called {@link #NAME}, and so comes
 * first in the alphabet.
 */
final class TwoSpires {
  static final String NAME = "aqua";

  /** Its pod that has an entry. */
  static final String SERVED = "aqua-served";

  /** Its pod whose entry wants another label. */
  static final String UNSERVED = "aqua-unserved";

  private static final String NAMESPACE = "aqua-system";
  private static final String DIRECTORY = "/run/aqua/sockets";
  private static final String DOMAIN = "aqua.example";

  /** Which of the two the API server lists first. */
  enum Order {
    SECOND_LAST,
    SECOND_FIRST
  }

  private TwoSpires() {}

  /** The second SPIRE and nothing else, with the pod that is served. */
  static ClusterEvidence second() {
    return scene().evidence();
  }

  /** The scope of all that concerns a pod of the second SPIRE. */
  static Scope scopeOf(String pod) {
    return Scope.installation("StatefulSet aqua-system/aqua-server of " + DOMAIN)
        .onNodes(Set.of("node-1"))
        .ofPods(Set.of("apps/" + pod));
  }

  /** A scene whose SPIRE has the rights by which it is known to be one, unless it is without. */
  static ClusterEvidence alone(ClusterEvidence scene) {
    Snapshot one = scene.snapshot();
    return ClusterEvidence.of(
        new Snapshot(
            one.at(),
            one.cluster(),
            one.objects(),
            one.podNamespaces(),
            one.configMaps(),
            one.logs(),
            one.servers(),
            joined(one.access(), rights("spire-system", "spire"))),
        scene.query());
  }

  /**
   * The same with the second SPIRE beside it, as far as the scene's user sees it.
   *
   * @param broken whether the second one has a pod that is not served, too
   */
  static ClusterEvidence beside(ClusterEvidence scene, Order order, boolean broken) {
    Snapshot one = alone(scene).snapshot();
    ClusterScene second = broken ? OtherSpire.pod(scene(), UNSERVED, volume()) : scene();
    Snapshot other = second.evidence().snapshot();
    return ClusterEvidence.of(
        new Snapshot(
            one.at(),
            one.cluster(),
            objects(one, other, order),
            one.podNamespaces(),
            joined(one.configMaps(), other.configMaps()),
            one.logs(),
            asksEachServer(one) ? joined(one.servers(), other.servers()) : one.servers(),
            joined(one.access(), other.access())),
        scene.query());
  }

  /** Whether the second SPIRE's pods are examined, and its server is asked. */
  static boolean asksForSecond(ClusterEvidence scene) {
    return asksEachServer(scene.snapshot())
        && scene.query().spireNamespace().isEmpty()
        && scene.query().pods() instanceof ClusterQuery.Pods.WithSocket(Optional<String> namespace)
        && namespace.filter(name -> !name.equals("apps")).isEmpty()
        && scene.snapshot().podNamespaces().isEmpty();
  }

  /** Who is asked over its API is asked alone. */
  private static boolean asksEachServer(Snapshot scene) {
    return scene.objects(Kind.POD).seen().isPresent()
        && scene.servers().values().stream().noneMatch(said -> said.route().overApi());
  }

  private static ClusterScene scene() {
    OtherSpire aqua = new OtherSpire(NAMESPACE, NAME, DOMAIN, DIRECTORY);
    ClusterScene scene =
        aqua.in(
            ClusterScene.empty(),
            ClusterScene.entry(
                "aqua-entry",
                aqua.id("/served"),
                aqua.id("/aqua-nodes"),
                "k8s:ns:apps",
                "k8s:pod-label:app:" + SERVED));
    Stream.of("apps", NAMESPACE)
        .forEach(
            name ->
                scene.object(
                    Kind.NAMESPACE,
                    "{metadata: {name: %s}, status: {phase: Active}}".formatted(name)));
    scene.object(
        Kind.NODE,
        """
        {metadata: {name: node-1, uid: node-uid-1, labels: {kubernetes.io/hostname: node-1}},
         spec: {}, status: {conditions: [{type: Ready, status: "True"}],
         nodeInfo: {kubeletVersion: v1.34.4}}}
        """);
    rights(NAMESPACE, NAME).keySet().forEach(scene::allowed);
    return OtherSpire.pod(scene, SERVED, volume());
  }

  private static String volume() {
    return "hostPath: {path: %s}".formatted(DIRECTORY);
  }

  private static Map<Access, Observed<Boolean>> rights(String namespace, String name) {
    String agent = namespace + ":" + name + "-agent";
    String server = namespace + ":" + name + "-server";
    Map<Access, Observed<Boolean>> rights = new LinkedHashMap<>();
    Stream.of(
            Access.everywhere(agent, "get", "", "nodes/proxy"),
            Access.everywhere(server, "create", "authentication.k8s.io", "tokenreviews"),
            Access.everywhere(server, "get", "", "pods"),
            Access.everywhere(server, "get", "", "nodes"))
        .forEach(right -> rights.put(right, new Seen<>(true)));
    return rights;
  }

  private static Map<Kind, Observed<List<JsonNode>>> objects(
      Snapshot one, Snapshot other, Order order) {
    Map<Kind, Observed<List<JsonNode>>> all = new EnumMap<>(Kind.class);
    one.objects()
        .forEach(
            (kind, seen) ->
                all.put(kind, seen.map(these -> joined(these, added(one, other, kind), order))));
    return all;
  }

  /** What of the second SPIRE is listed, without what is there already: the node, namespaces. */
  private static List<JsonNode> added(Snapshot one, Snapshot other, Kind kind) {
    List<JsonNode> these = one.objects(kind).seen().orElse(List.of());
    return other.objects(kind).seen().orElse(List.of()).stream()
        .filter(it -> kind != Kind.POD || isListed(one, it))
        .filter(it -> these.stream().noneMatch(there -> isSame(it, there)))
        .toList();
  }

  private static boolean isListed(Snapshot one, JsonNode pod) {
    return one.podNamespaces()
        .filter(names -> !names.contains(pod.at("/metadata/namespace").asText()))
        .isEmpty();
  }

  private static boolean isSame(JsonNode one, JsonNode other) {
    return Stream.of("/metadata/namespace", "/metadata/name")
        .allMatch(at -> one.at(at).asText().equals(other.at(at).asText()));
  }

  private static List<JsonNode> joined(List<JsonNode> these, List<JsonNode> those, Order order) {
    List<JsonNode> all = new ArrayList<>(order == Order.SECOND_LAST ? these : those);
    all.addAll(order == Order.SECOND_LAST ? those : these);
    return List.copyOf(all);
  }

  /** What the scene says goes before. */
  private static <K, V> Map<K, V> joined(Map<K, V> these, Map<K, V> those) {
    Map<K, V> all = new LinkedHashMap<>(those);
    all.putAll(these);
    return all;
  }
}
