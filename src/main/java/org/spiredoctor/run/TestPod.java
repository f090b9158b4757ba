package org.spiredoctor.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.run.binary.TestBinary;
import org.spiredoctor.run.patch.StrategicPatch;

/**
 * The pod that tests run in. It passes the {@code restricted} Pod Security Standard but for a
 * hostPath volume, and needs no shell, no {@code tar} and no token.
 *
 * @param run tells this run from others
 * @param labels beside those that every test pod has, or instead of them
 * @param env the same of variables
 * @param image of the tests' container
 * @param doctorImage of the init containers
 * @param nodes of which it shall run on one; empty for any
 * @param socketFile the name of the socket in its directory
 * @param goal what {@code wait --for} waits for
 * @param binary what is run
 */
public record TestPod(
    String run,
    String namespace,
    String name,
    Map<String, String> labels,
    Map<String, String> env,
    String serviceAccount,
    String image,
    String doctorImage,
    List<String> nodes,
    SocketVolume socket,
    String socketFile,
    String trustDomain,
    String goal,
    TestBinary binary,
    List<String> arguments,
    Limits limits) {

  /** Its containers. */
  public static final String WAIT = "wait-for-socket";

  /** Takes the binary. */
  public static final String SETUP = "setup";

  /** Runs it. */
  public static final String TEST = "test";

  /** Its label app, unless another is given. */
  public static final String APP = "spire-integration-test";

  /** Says whose the pod is. */
  static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  static final String PROGRAM = "spire-doctor";

  /** Says of which run. */
  static final String RUN = "spiredoctor.org/run";

  private static final String SOCKETS = "/spire-socket";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** All that is the same for every pod. */
  private static final String FRAME =
      """
      {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {},
        "spec": {
          "restartPolicy": "Never",
          "automountServiceAccountToken": false,
          "enableServiceLinks": false,
          "terminationGracePeriodSeconds": 5,
          "securityContext": {
            "runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532,
            "seccompProfile": {"type": "RuntimeDefault"}
          },
          "initContainers": [],
          "containers": [],
          "volumes": [
            {"name": "tests", "emptyDir": {}},
            {"name": "tmp", "emptyDir": {}}
          ]
        }
      }
      """;

  private static final String SECURITY =
      """
      {
        "allowPrivilegeEscalation": false,
        "readOnlyRootFilesystem": true,
        "capabilities": {"drop": ["ALL"]}
      }
      """;

  private static final String SMALL =
      """
      {"requests": {"cpu": "5m", "memory": "16Mi"}}
      """;

  /** Whether a pod is one of a run that has not ended; sidecars may outlive the tests. */
  public static boolean isLive(Pod pod) {
    return PROGRAM.equals(pod.meta().labels().get(MANAGED_BY))
        && !pod.meta().deleting()
        && !isOver(pod);
  }

  /** Whether the tests in a pod have ended. */
  static boolean isOver(Pod pod) {
    return pod.over() || PodStates.ended(pod, TEST);
  }

  /** Where the binary lies in the pod. */
  String path() {
    return "/tests/" + binary.file().getFileName();
  }

  /** What it is made of. */
  public ObjectNode manifest() {
    ObjectNode pod = read(FRAME);
    ObjectNode meta = (ObjectNode) pod.get("metadata");
    meta.put("name", name).put("namespace", namespace);
    allLabels().forEach(meta.putObject("labels")::put);
    meta.putObject("annotations").put(RUN, run);
    ObjectNode spec = (ObjectNode) pod.get("spec");
    spec.put("activeDeadlineSeconds", limits.all().toSeconds());
    spec.put("serviceAccountName", serviceAccount);
    place(spec);
    socket.source(((ArrayNode) spec.get("volumes")).addObject().put("name", "spire-socket"));
    ArrayNode init = (ArrayNode) spec.get("initContainers");
    waiting(container(init, WAIT, doctorImage));
    setup(container(init, SETUP, doctorImage));
    test(container((ArrayNode) spec.get("containers"), TEST, image));
    return pod;
  }

  private Map<String, String> allLabels() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("app", APP);
    all.put("role", "ci-test");
    all.put("security", "distroless");
    all.putAll(labels);
    all.put(MANAGED_BY, PROGRAM);
    return all;
  }

  /** On a node that can run the binary, and one of those that were chosen. */
  private void place(ObjectNode spec) {
    spec.putObject("nodeSelector")
        .put("kubernetes.io/os", "linux")
        .put("kubernetes.io/arch", binary.architecture());
    if (nodes.isEmpty()) {
      return;
    }
    ArrayNode terms =
        spec.putObject("affinity")
            .putObject("nodeAffinity")
            .putObject("requiredDuringSchedulingIgnoredDuringExecution")
            .putArray("nodeSelectorTerms");
    // One of the terms has to hold; a term takes one name.
    for (String node : nodes) {
      terms
          .addObject()
          .putArray("matchFields")
          .addObject()
          .put("key", "metadata.name")
          .put("operator", "In")
          .putArray("values")
          .add(node);
    }
  }

  private ObjectNode container(ArrayNode list, String called, String of) {
    ObjectNode container = list.addObject().put("name", called).put("image", of);
    container.set("securityContext", read(SECURITY));
    return container;
  }

  private void waiting(ObjectNode container) {
    container
        .putArray("args")
        .add("wait")
        .add("--for")
        .add(goal)
        .add("--timeout")
        .add(inWords(limits.socket()));
    container.set("resources", read(SMALL));
    identity(container, Map.of());
    mount(container.putArray("volumeMounts"), "spire-socket", SOCKETS).put("readOnly", true);
  }

  private void setup(ObjectNode container) {
    container
        .putArray("args")
        .add("receive")
        .add(literal(path()))
        .add("--await")
        .add("--timeout")
        .add(inWords(limits.copy()));
    container.set("resources", read(SMALL));
    mount(container.putArray("volumeMounts"), "tests", "/tests");
  }

  private void test(ObjectNode container) {
    container.putArray("command").add(literal(path()));
    ArrayNode args = container.putArray("args");
    arguments.forEach(argument -> args.add(literal(argument)));
    container.put("workingDir", "/tests");
    container.put("terminationMessagePolicy", "FallbackToLogsOnError");
    identity(container, env);
    ArrayNode mounts = container.putArray("volumeMounts");
    mount(mounts, "tests", "/tests");
    mount(mounts, "tmp", "/tmp");
    mount(mounts, "spire-socket", SOCKETS).put("readOnly", true);
  }

  private void identity(ObjectNode container, Map<String, String> more) {
    String address = "unix://" + SOCKETS + "/" + socketFile;
    Map<String, String> all = new LinkedHashMap<>();
    all.put("SPIFFE_ENDPOINT_SOCKET", address);
    all.put("SPIRE_AGENT_SOCKET", address);
    all.put("SPIRE_TRUST_DOMAIN", trustDomain);
    all.putAll(more);
    ArrayNode variables = container.putArray("env");
    all.forEach(
        (key, value) -> variables.addObject().put("name", key).put("value", literal(value)));
  }

  /**
   * The pod with a patch put in.
   *
   * @throws IllegalArgumentException when it cannot be, or it would be another pod then
   */
  public ObjectNode manifest(JsonNode patch) {
    ObjectNode patched = StrategicPatch.apply(manifest(), patch);
    for (String field : List.of("name", "namespace")) {
      String is = patched.at("/metadata/" + field).asText();
      String must = manifest().at("/metadata/" + field).asText();
      if (!is.equals(must)) {
        throw new IllegalArgumentException(
            "metadata." + field + " is set by " + (field.equals("name") ? "--pod-name" : "-n"));
      }
    }
    // By these it is known whose it is, and may be removed.
    patched.withObject("/metadata/labels").put(MANAGED_BY, PROGRAM);
    patched.withObject("/metadata/annotations").put(RUN, run);
    return patched;
  }

  /** Kubernetes puts variables in for {@code $(NAME)}, unless the dollar is doubled. */
  private static String literal(String text) {
    return text.replace("$", "$$");
  }

  private static String inWords(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
  }

  private static ObjectNode mount(ArrayNode mounts, String volume, String path) {
    return mounts.addObject().put("name", volume).put("mountPath", path);
  }

  private static ObjectNode read(String json) {
    try {
      return (ObjectNode) MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a constant of this class", e);
    }
  }
}
