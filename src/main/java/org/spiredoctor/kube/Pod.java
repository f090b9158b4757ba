package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A pod.
 *
 * @param node its name; empty while it is not scheduled
 * @param phase as Kubernetes has it, such as {@code Pending}
 */
public record Pod(
    Meta meta,
    String node,
    String serviceAccount,
    boolean hostPid,
    boolean hostNetwork,
    Optional<String> runtimeClass,
    Map<String, String> nodeSelector,
    List<Container> containers,
    List<Volume> volumes,
    String phase,
    String reason,
    String message,
    List<Condition> conditions) {
  /** They create another pod for one that has ended. */
  private static final Set<String> KEEPING =
      Set.of("DaemonSet", "ReplicaSet", "ReplicationController", "StatefulSet");

  /** A condition of an object. */
  public record Condition(String type, String status, String reason, String message) {
    static Condition of(JsonNode condition) {
      return new Condition(
          condition.path("type").asText(),
          condition.path("status").asText(),
          condition.path("reason").asText(),
          condition.path("message").asText());
    }

    /** Whether it is of this type and says no. */
    public boolean denies(String name) {
      return type.equals(name) && status.equals("False");
    }
  }

  /** Of the API's JSON. */
  public static Pod of(JsonNode pod) {
    JsonNode spec = pod.path("spec");
    JsonNode status = pod.path("status");
    List<Container> containers = new ArrayList<>();
    for (Container.Role role : Container.Role.values()) {
      spec.path(role.containers()).forEach(c -> containers.add(Container.of(c, role, pod)));
    }
    return new Pod(
        Meta.of(pod),
        spec.path("nodeName").asText(),
        Json.text(spec.path("serviceAccountName")).orElse("default"),
        spec.path("hostPID").asBoolean(),
        spec.path("hostNetwork").asBoolean(),
        Json.text(spec.path("runtimeClassName")),
        Json.strings(spec.path("nodeSelector")),
        List.copyOf(containers),
        Json.list(spec.path("volumes"), Volume::of),
        status.path("phase").asText(),
        status.path("reason").asText(),
        status.path("message").asText(),
        Json.list(status.path("conditions"), Condition::of));
  }

  /** Whether Kubernetes calls it ready. */
  public boolean ready() {
    return conditions.stream().anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
  }

  /** Whether it ended. */
  public boolean over() {
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** The UID of the owner that keeps as many pods as this one running as it is told to. */
  public Optional<String> keeper() {
    return meta.owners().stream()
        .filter(owner -> owner.controller() && KEEPING.contains(owner.kind()))
        .map(Meta.OwnerReference::uid)
        .findFirst();
  }

  /** Its containers of one role. */
  public Stream<Container> containers(Container.Role role) {
    return containers.stream().filter(container -> container.role() == role);
  }

  /** The volume of a name. */
  public Optional<Volume> volume(String name) {
    return volumes.stream().filter(volume -> volume.name().equals(name)).findFirst();
  }

  /** {@code apps/web-0}. */
  public String inWords() {
    return meta.inWords();
  }
}
