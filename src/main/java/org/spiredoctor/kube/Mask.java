package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The one gate through which objects of the cluster come: fields that are not named stay outside,
 * values of variables too, and texts are freed of what looks like a key or token.
 *
 * @param fields and their parts; a field without parts is kept whole
 */
public record Mask(Map<String, Mask> fields) {

  static final String META =
      "metadata(name,namespace,uid,labels,annotations,ownerReferences(kind,name,uid)"
          + ",creationTimestamp,deletionTimestamp)";

  private static final String CONTAINER =
      "(name,image,command,args,env(name,value),envFrom(prefix),ports(name,containerPort)"
          + ",volumeMounts(name,mountPath,subPath),securityContext(runAsUser,runAsGroup))";

  static final String POD_SPEC =
      "nodeName,serviceAccountName,hostPID,hostNetwork,hostUsers,runtimeClassName,nodeSelector"
          + ",securityContext(runAsUser,runAsGroup,fsGroup,supplementalGroups),containers"
          + CONTAINER
          + ",initContainers"
          + CONTAINER
          + ",ephemeralContainers"
          + CONTAINER
          + ",volumes(name,hostPath,csi(driver,readOnly),configMap(name),emptyDir"
          + ",projected(sources(serviceAccountToken)))";

  private static final String STATUSES =
      "(name,image,imageID,containerID,ready,restartCount,state,lastState)";

  static final String POD_STATUS =
      "phase,reason,message,conditions(type,status,reason,message),containerStatuses"
          + STATUSES
          + ",initContainerStatuses"
          + STATUSES
          + ",ephemeralContainerStatuses"
          + STATUSES;

  static final String OWNER =
      META
          + ",spec(replicas,template("
          + META
          + ",spec("
          + POD_SPEC
          // Why an agent is not on a node.
          + ",tolerations(key,operator,value,effect),affinity(nodeAffinity)"
          + "))),status(replicas,readyReplicas,desiredNumberScheduled,numberReady)";

  /** Of {@code a,b(c,d)}. */
  static Mask parse(String text) {
    return new Parser(text).fields();
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
      default -> node.isTextual() ? Redaction.text(node) : node;
    };
  }

  private ObjectNode object(ObjectNode object) {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    object
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              boolean named = fields.isEmpty() || fields.containsKey(name);
              if (named && Redaction.mayHold(object, name)) {
                Mask part = fields.getOrDefault(name, new Mask(Map.of()));
                kept.set(name, part.apply(field.getValue()));
              }
            });
    return kept;
  }

  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    Mask fields() {
      Map<String, Mask> fields = new LinkedHashMap<>();
      int start = at;
      while (at <= text.length()) {
        char c = at < text.length() ? text.charAt(at) : ')';
        if (c != ',' && c != '(' && c != ')') {
          at++;
          continue;
        }
        String name = text.substring(start, at++);
        if (!name.isEmpty()) {
          fields.put(name, c == '(' ? fields() : new Mask(Map.of()));
        }
        start = at;
        if (c == ')') {
          break;
        }
      }
      return new Mask(Map.copyOf(fields));
    }
  }
}
