package org.spiredoctor.diagnosis;

import static org.spiredoctor.diagnosis.ClusterScene.NOW;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.kube.Kind;

/** The objects of a {@link ClusterScene}, as an API server lists them. */
public abstract class SceneObjects {
  static final ObjectMapper MAPPER = new ObjectMapper();
  static final YAMLMapper YAML = new YAMLMapper();
  final Map<Kind, List<JsonNode>> objects = new EnumMap<>(Kind.class);
  final Map<Kind, Unseen<List<JsonNode>>> refused = new EnumMap<>(Kind.class);
  Optional<Set<String>> podNamespaces = Optional.empty();

  /** The scene. */
  abstract ClusterScene self();

  List<JsonNode> all(Kind kind) {
    return objects.computeIfAbsent(kind, _ -> new ArrayList<>());
  }

  /** Adds an object, in YAML or JSON. */
  public ClusterScene object(Kind kind, String json) {
    all(kind).add(json(json));
    return self();
  }

  static ObjectNode json(String text) {
    try {
      return (ObjectNode) YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** Changes an object. */
  public ClusterScene edit(Kind kind, String name, Consumer<ObjectNode> change) {
    all(kind).stream()
        .filter(o -> o.at("/metadata/name").asText().equals(name))
        .forEach(o -> change.accept((ObjectNode) o));
    return self();
  }

  /** Puts a value, in YAML or JSON, at a pointer of an object whose parent exists. */
  public ClusterScene set(Kind kind, String name, String pointer, String value) {
    int slash = pointer.lastIndexOf('/');
    JsonNode node = json("v: " + value).get("v");
    return edit(
        kind,
        name,
        o ->
            ((ObjectNode) o.at(pointer.substring(0, slash)))
                .set(pointer.substring(slash + 1), node));
  }

  /** Puts the fields of an object, in YAML or JSON, into the one at a pointer. */
  public ClusterScene merge(Kind kind, String name, String pointer, String fields) {
    return edit(kind, name, o -> ((ObjectNode) o.at(pointer)).setAll(json(fields)));
  }

  /** Adds an item, in YAML or JSON, to the list at a pointer of an object. */
  public ClusterScene add(Kind kind, String name, String pointer, String item) {
    return edit(kind, name, o -> ((ArrayNode) o.at(pointer)).add(json(item)));
  }

  /** Takes an object away. */
  public ClusterScene remove(Kind kind, String name) {
    all(kind).removeIf(o -> o.at("/metadata/name").asText().equals(name));
    return self();
  }

  /** A warning event of an object. */
  public ClusterScene event(
      String kind, String namespace, String name, String reason, String text) {
    ObjectNode event = MAPPER.createObjectNode();
    event
        .putObject("involvedObject")
        .put("kind", kind)
        .put("namespace", namespace)
        .put("name", name);
    event.put("type", "Warning").put("reason", reason).put("message", text);
    event.put("lastTimestamp", NOW.minusSeconds(10).toString());
    all(Kind.EVENT).add(event);
    return self();
  }

  /** What a kind's listing is refused with. */
  public ClusterScene forbidden(Kind kind) {
    refused.put(
        kind,
        new Unseen<>(
            Reason.FORBIDDEN,
            "list " + kind.plural(),
            "403 " + kind.plural() + " is forbidden: User \"dev\" cannot list resource"));
    return self();
  }

  /** A kind that the cluster does not have. */
  public ClusterScene absent(Kind kind) {
    refused.put(kind, new Unseen<>(Reason.ABSENT, "list " + kind.plural(), "404"));
    return self();
  }

  /** Mounts a config map into the workload, under its own name. */
  ClusterScene webMounts(String configMap, String path) {
    return edit(
        Kind.POD,
        "web",
        o -> {
          ((ArrayNode) o.at("/spec/volumes"))
              .addObject()
              .put("name", configMap)
              .putObject("configMap")
              .put("name", configMap);
          ((ArrayNode) o.at("/spec/containers/0/volumeMounts"))
              .addObject()
              .put("name", configMap)
              .put("mountPath", path);
        });
  }

  /** Another object like one that is there. */
  public ClusterScene copy(Kind kind, String name, String as) {
    all(kind).stream()
        .filter(o -> o.at("/metadata/name").asText().equals(name))
        .findFirst()
        .ifPresent(
            o -> {
              ObjectNode copy = o.deepCopy();
              ((ObjectNode) copy.path("metadata")).put("name", as).put("uid", as);
              all(kind).add(copy);
            });
    return self();
  }

  /** Only pods of these namespaces may be listed. */
  public ClusterScene podsOf(String... namespaces) {
    this.podNamespaces = Optional.of(Set.of(namespaces));
    all(Kind.POD)
        .removeIf(
            pod -> !podNamespaces.orElseThrow().contains(pod.at("/metadata/namespace").asText()));
    return self();
  }

  /** The agent's pod does not become ready, though its program runs. */
  public ClusterScene agentNotReady() {
    return notReady("spire-agent-x1y2z");
  }

  /** The pod {@code apps/web} is not ready, and that is all that shows of it. */
  public ClusterScene webNotReady() {
    return set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: 'False'}]");
  }

  ClusterScene notReady(String pod) {
    return set(Kind.POD, pod, "/status/conditions", "[{type: Ready, status: 'False'}]")
        .edit(
            Kind.POD,
            pod,
            o -> ((ObjectNode) o.at("/status/containerStatuses/0")).put("ready", false));
  }
}
