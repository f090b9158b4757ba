package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A container of a pod, with its status.
 *
 * @param env variables with a literal value
 * @param user the numeric user that its process starts as, as the node sees it; absent where the
 *     image decides, or where a user namespace maps it to another one
 * @param group the same of its group
 * @param supplementalGroups the same of groups that its process has besides
 * @param unseenEnv the names of variables whose value comes from elsewhere; {@link #ENV_FROM} for
 *     those of which not even the names are seen
 * @param toldElsewhere whether variables come from elsewhere, or files that may hold settings
 * @param firstAsked how long after its start it can take until the kubelet sees that it is ready:
 *     the delay and the period of its readiness probe
 */
public record Container(
    String name,
    Role role,
    String image,
    List<String> command,
    List<String> args,
    Map<String, String> env,
    Set<String> unseenEnv,
    List<MountPoint> mounts,
    Optional<Long> user,
    Optional<Long> group,
    List<Long> supplementalGroups,
    boolean toldElsewhere,
    Duration firstAsked,
    Optional<Status> status) {

  /** Stands in {@code unseenEnv} for whole config maps and secrets that become variables. */
  public static final String ENV_FROM = "*";

  /** Of probes that name none, in seconds. */
  private static final int PERIOD = 10;

  /** Who is not asked for longer has more against it than that, in seconds. */
  private static final long LONGEST_DELAY = 120;

  /** When a container runs. */
  public enum Role {
    INIT,
    APP,
    EPHEMERAL;

    /** The field of a pod's status that tells of them. */
    String statuses() {
      return switch (this) {
        case INIT -> "initContainerStatuses";
        case APP -> "containerStatuses";
        case EPHEMERAL -> "ephemeralContainerStatuses";
      };
    }

    /** The field of a pod's specification that lists them. */
    public String containers() {
      return switch (this) {
        case INIT -> "initContainers";
        case APP -> "containers";
        case EPHEMERAL -> "ephemeralContainers";
      };
    }

    /** {@code init container}. */
    public String inWords() {
      return switch (this) {
        case INIT -> "init container";
        case APP -> "container";
        case EPHEMERAL -> "ephemeral container";
      };
    }
  }

  /**
   * Where a volume is mounted.
   *
   * @param readOnly whether nothing can be written there, whoever its process is
   * @param bidirectional whether what the container mounts below is mounted on the node too, which
   *     Kubernetes allows privileged containers only
   */
  public record MountPoint(
      String volume, String path, String subPath, boolean readOnly, boolean bidirectional) {

    /** Whether the same is seen at the same path; to write there one may have no right. */
    public boolean shows(MountPoint other) {
      return volume.equals(other.volume)
          && path.equals(other.path)
          && subPath.equals(other.subPath);
    }
  }

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

  /** Whether it is an init container that did its work, and has no process any more. */
  public boolean completedInit() {
    return role == Role.INIT
        && status.filter(s -> s.state().exitCode().equals(Optional.of(0))).isPresent();
  }

  /**
   * Whether it runs so short a time that perhaps nobody has asked for its readiness. One that was
   * started again may be about to end again, however its last life ended: a kubelet that kills it
   * for its liveness lets it end well.
   */
  public boolean maybeNotYetAsked(Instant now) {
    return status
        .filter(its -> its.restarts() == 0 && its.before().isEmpty())
        .map(Status::state)
        .filter(state -> state.phase() == State.Phase.RUNNING)
        .flatMap(State::started)
        .filter(at -> !at.isAfter(now) && at.plus(firstAsked).isAfter(now))
        .isPresent();
  }

  /** The value of a flag that its program is given, as Go's flags are written. */
  public Optional<String> flag(String name) {
    List<String> words = Stream.concat(command.stream(), args.stream()).toList();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).replaceFirst("^--?", "-");
      if (word.equals("-" + name) && i + 1 < words.size()) {
        return Optional.of(words.get(i + 1));
      }
      if (word.startsWith("-" + name + "=")) {
        return Optional.of(word.substring(name.length() + 2));
      }
    }
    return Optional.empty();
  }

  static Container of(JsonNode spec, Role role, JsonNode pod) {
    String name = spec.path("name").asText();
    Map<String, String> env = new LinkedHashMap<>();
    Set<String> unseenEnv = new HashSet<>();
    spec.path("env")
        .forEach(
            variable -> {
              String called = variable.path("name").asText();
              Json.text(variable.path("value"))
                  .ifPresentOrElse(value -> env.put(called, value), () -> unseenEnv.add(called));
            });
    if (!spec.path("envFrom").isEmpty()) {
      unseenEnv.add(ENV_FROM);
    }
    Optional<Status> status = Optional.empty();
    for (JsonNode one : pod.path("status").path(role.statuses())) {
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
        Set.copyOf(unseenEnv),
        Json.list(
            spec.path("volumeMounts"),
            mount ->
                new MountPoint(
                    mount.path("name").asText(),
                    mount.path("mountPath").asText(),
                    mount.path("subPath").asText(),
                    mount.path("readOnly").asBoolean(),
                    mount.path("mountPropagation").asText().equals("Bidirectional"))),
        number("runAsUser", spec, pod.path("spec")),
        number("runAsGroup", spec, pod.path("spec")),
        supplementalGroups(pod.path("spec")),
        toldElsewhere(spec, pod.path("spec").path("volumes")),
        firstAsked(spec.path("readinessProbe")),
        status);
  }

  private static Duration firstAsked(JsonNode probe) {
    return probe.isObject()
        ? Duration.ofSeconds(
            Math.min(
                LONGEST_DELAY,
                (long) probe.path("initialDelaySeconds").asInt()
                    + probe.path("periodSeconds").asInt(PERIOD)))
        : Duration.ZERO;
  }

  private static boolean toldElsewhere(JsonNode container, JsonNode volumes) {
    boolean variables = container.has("envFrom");
    for (JsonNode variable : container.path("env")) {
      variables = variables || !variable.has("value");
    }
    Set<String> settings = new HashSet<>();
    for (JsonNode volume : volumes) {
      // Of the other kinds only the name is held.
      if (!volume.has("hostPath") && !volume.has("csi") && !volume.has("projected")) {
        settings.add(volume.path("name").asText());
      }
    }
    return variables
        || Json.list(container.path("volumeMounts"), mount -> mount.path("name").asText()).stream()
            .anyMatch(settings::contains);
  }

  /**
   * Whether something in its manifest may tell its program where a socket is: a variable, an
   * argument, or what is not seen here.
   */
  public boolean mayBeTold(String directory) {
    return toldElsewhere || words().anyMatch(text -> namesSocket(text, directory));
  }

  /** Whether a variable's value or an argument names a socket, or this directory. */
  public static boolean namesSocket(String text, String directory) {
    return text.contains(".sock") || text.contains("unix:") || text.contains(directory);
  }

  /** The values of its variables, its command and its arguments, as far as they are seen. */
  public Stream<String> words() {
    return Stream.of(env.values(), command, args).flatMap(Collection::stream);
  }

  /** The container's own setting beats the pod's. */
  private static Optional<Long> number(String setting, JsonNode container, JsonNode pod) {
    return Stream.of(container, pod)
        .filter(_ -> onHost(pod))
        .map(spec -> spec.path("securityContext").path(setting))
        .filter(JsonNode::isIntegralNumber)
        .map(JsonNode::asLong)
        .findFirst();
  }

  private static List<Long> supplementalGroups(JsonNode pod) {
    JsonNode context = pod.path("securityContext");
    return Stream.concat(
            context.path("supplementalGroups").valueStream(), Stream.of(context.path("fsGroup")))
        .filter(_ -> onHost(pod))
        .filter(JsonNode::isIntegralNumber)
        .map(JsonNode::asLong)
        .toList();
  }

  /** Whether its users are the node's: else the node maps them to others. */
  private static boolean onHost(JsonNode pod) {
    return pod.path("hostUsers").asBoolean(true);
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
