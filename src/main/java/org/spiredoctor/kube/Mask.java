package org.spiredoctor.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The one gate through which objects of the cluster come. Fields that are not named stay outside.
 * What matching needs (names, labels, images, ids) is kept as it is; other texts are freed of what
 * looks like a key, a token or a password.
 *
 * @param fields and their parts; a field without parts is kept whole
 * @param exact whether its texts are kept as they are
 */
public record Mask(Map<String, Mask> fields, boolean exact) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Some fields hold whatever their authors put there. */
  private static final Set<String> BY_AUTHORS = Set.of("annotations", "command", "args", "env");

  static final String META =
      "metadata!(name,namespace,uid,labels,annotations,ownerReferences(kind,name,uid,controller)"
          + ",creationTimestamp,deletionTimestamp)";

  private static final String CONTAINER =
      "(name,image,command,args,env(name,value),envFrom(prefix),ports(name,containerPort)"
          + ",volumeMounts(name,mountPath,subPath,readOnly),securityContext(runAsUser,runAsGroup)"
          + ",readinessProbe(initialDelaySeconds,periodSeconds))";

  static final String POD_SPEC =
      "nodeName,serviceAccountName,hostPID,hostNetwork,hostUsers,dnsPolicy"
          + ",automountServiceAccountToken,runtimeClassName,nodeSelector"
          + ",securityContext(runAsUser,runAsGroup,fsGroup,supplementalGroups),containers"
          + CONTAINER
          + ",initContainers"
          + CONTAINER
          + ",ephemeralContainers"
          + CONTAINER
          + ",volumes(name,hostPath(path,type),csi(driver,readOnly),configMap(name),persistentVolumeClaim(claimName,readOnly),emptyDir"
          + ",projected(sources(serviceAccountToken)))";

  private static final String STATUSES =
      "(name!,image!,imageID!,containerID!,ready,restartCount,state,lastState)";

  static final String POD_STATUS =
      "phase,reason,message,conditions(type,status,reason,message),containerStatuses"
          + STATUSES
          + ",initContainerStatuses"
          + STATUSES
          + ",ephemeralContainerStatuses"
          + STATUSES;

  static final String OWNER =
      META
          + ",spec!(replicas,updateStrategy(type),selector(matchLabels,matchExpressions(key,operator,values)),template("
          + META
          + ",spec("
          + POD_SPEC
          // Why an agent is not on a node.
          + ",tolerations(key,operator,value,effect),affinity(nodeAffinity)"
          + "))),status(replicas,readyReplicas,desiredNumberScheduled,numberReady)";

  /** Of {@code a,b!(c,d)}; behind {@code !} texts are kept as they are. */
  static Mask parse(String text) {
    return new Parser(text).fields(false);
  }

  /**
   * Reads a value of which nothing is held that {@link #apply} would leave out: half of a pod is
   * who has set which of its fields.
   *
   * @param json at the first token of the value; at its last one afterwards
   */
  JsonNode read(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        array.add(read(json));
      }
      return array;
    }
    if (json.currentToken() != JsonToken.START_OBJECT || fields.isEmpty()) {
      return MAPPER.readTree(json);
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      Mask part = fields.get(name);
      if (part == null) {
        json.skipChildren();
      } else {
        object.set(name, BY_AUTHORS.contains(name) ? MAPPER.readTree(json) : part.read(json));
      }
    }
    return object;
  }

  /** What may be held of an object. */
  public JsonNode apply(JsonNode node) {
    return switch (node) {
      case ArrayNode array -> {
        ArrayNode kept = JsonNodeFactory.instance.arrayNode(array.size());
        array.forEach(item -> kept.add(apply(item)));
        yield kept;
      }
      case ObjectNode object -> object(object);
      default -> node.isTextual() && !exact ? text(node) : node;
    };
  }

  static JsonNode text(JsonNode node) {
    String text = node.asText();
    String safe = Redaction.text(text);
    return safe.equals(text) ? node : TextNode.valueOf(safe);
  }

  private ObjectNode object(ObjectNode object) {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    object
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              Mask part = fields.get(name);
              if (part != null) {
                kept.set(name, named(object, name, part));
              } else if (fields.isEmpty()) {
                kept.set(name, apply(field.getValue()));
              }
            });
    return kept;
  }

  private static JsonNode named(ObjectNode object, String name, Mask part) {
    JsonNode value = object.path(name);
    return switch (name) {
      case "annotations" -> Annotations.kept(value);
      case "command", "args" -> Arguments.kept(object, value);
      case "env" -> Variables.kept(value);
      default -> part.apply(value);
    };
  }

  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    Mask fields(boolean exact) {
      Map<String, Mask> fields = new LinkedHashMap<>();
      int start = at;
      while (at <= text.length()) {
        char c = at < text.length() ? text.charAt(at) : ')';
        if (c != ',' && c != '(' && c != ')') {
          at++;
          continue;
        }
        String name = text.substring(start, at++);
        boolean marked = exact || name.endsWith("!");
        if (!name.isEmpty()) {
          fields.put(name.replace("!", ""), c == '(' ? fields(marked) : new Mask(Map.of(), marked));
        }
        start = at;
        if (c == ')') {
          break;
        }
      }
      return new Mask(Map.copyOf(fields), exact);
    }
  }
}
