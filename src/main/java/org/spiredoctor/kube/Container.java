package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container of a pod, with its status.
 *
 * @param env variables with a literal value
 */
public record Container(
    String name,
    Role role,
    String image,
    List<String> command,
    List<String> args,
    Map<String, String> env,
    List<MountPoint> mounts,
    Optional<Status> status) {

  /** When a container runs. */
  public enum Role {
    INIT,
    APP,
    EPHEMERAL;

    /** {@code init container}. */
    public String inWords() {
      return switch (this) {
        case INIT -> "init container";
        case APP -> "container";
        case EPHEMERAL -> "ephemeral container";
      };
    }
  }

  /** Where a volume is mounted. */
  public record MountPoint(String volume, String path, String subPath) {}

  /**
   * How it is.
   *
   * @param image as the kubelet names it; often with registry and tag
   * @param imageId with the digest
   * @param containerId as {@code containerd://74c8…}; empty before it first runs
   */
  public record Status(
      String image,
      String imageId,
      String containerId,
      boolean ready,
      int restarts,
      State state,
      Optional<State> before) {}

  /**
   * A state of its life.
   *
   * @param reason such as {@code CrashLoopBackOff}; untrusted, as the message
   * @param exitCode of one that ended
   */
  public record State(
      Phase phase,
      String reason,
      String message,
      Optional<Integer> exitCode,
      Optional<Instant> started,
      Optional<Instant> ended) {

    /** Nothing is known of it. */
    static final State NONE =
        new State(Phase.WAITING, "", "", Optional.empty(), Optional.empty(), Optional.empty());

    /** Where in its life. */
    public enum Phase {
      WAITING,
      RUNNING,
      TERMINATED
    }

    /** Whether it ended, and not well. */
    public boolean failed() {
      return exitCode.filter(code -> code != 0).isPresent();
    }
  }

  static Container of(JsonNode spec, Role role, JsonNode statuses) {
    String name = spec.path("name").asText();
    Map<String, String> env = new LinkedHashMap<>();
    spec.path("env")
        .forEach(
            variable ->
                Json.text(variable.path("value"))
                    .ifPresent(value -> env.put(variable.path("name").asText(), value)));
    Optional<Status> status = Optional.empty();
    for (JsonNode one : statuses) {
      if (one.path("name").asText().equals(name)) {
        status = Optional.of(status(one));
      }
    }
    return new Container(
        name,
        role,
        spec.path("image").asText(),
        Json.texts(spec.path("command")),
        Json.texts(spec.path("args")),
        Map.copyOf(env),
        Json.list(
            spec.path("volumeMounts"),
            mount ->
                new MountPoint(
                    mount.path("name").asText(),
                    mount.path("mountPath").asText(),
                    mount.path("subPath").asText())),
        status);
  }

  private static Status status(JsonNode status) {
    return new Status(
        status.path("image").asText(),
        status.path("imageID").asText(),
        status.path("containerID").asText(),
        status.path("ready").asBoolean(),
        status.path("restartCount").asInt(),
        state(status.path("state")).orElse(State.NONE),
        state(status.path("lastState")));
  }

  private static Optional<State> state(JsonNode state) {
    for (State.Phase phase : State.Phase.values()) {
      JsonNode part = state.path(phase.name().toLowerCase(java.util.Locale.ROOT));
      if (part.isObject()) {
        return Optional.of(
            new State(
                phase,
                part.path("reason").asText(),
                part.path("message").asText(),
                part.has("exitCode")
                    ? Optional.of(part.path("exitCode").asInt())
                    : Optional.empty(),
                Json.time(part.path("startedAt")),
                Json.time(part.path("finishedAt"))));
      }
    }
    return Optional.empty();
  }
}
