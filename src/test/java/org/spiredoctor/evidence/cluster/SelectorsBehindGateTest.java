package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.evidence.cluster.SavedSnapshots.bundle;
import static org.spiredoctor.evidence.cluster.SavedSnapshots.saved;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.K8sSelectors;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Redaction;
import org.spiredoctor.spire.server.ServerJson;

/** What keeps secrets out leaves what entries are matched by. */
class SelectorsBehindGateTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long SEED = Long.getLong("spiredoctor.seed", 4711);
  private final Random random = new Random(SEED);

  /** What an agent would attest of a pod, before and after. */
  @Test
  void selectorsAreTheSameBehindTheGate() throws IOException {
    List<JsonNode> raw = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      raw.add(ordinaryPod(i));
    }
    List<JsonNode> masked = raw.stream().map(Kind.POD.mask()::apply).toList();
    Snapshot snapshot =
        new Snapshot(
            Instant.EPOCH,
            new Seen<>("https://10.0.0.1"),
            Map.of(Kind.POD, new Seen<>(masked)),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of());
    List<JsonNode> read =
        Bundle.read(new ByteArrayInputStream(bundle(snapshot)), Long.MAX_VALUE)
            .objects(Kind.POD)
            .seen()
            .orElseThrow();
    for (int i = 0; i < raw.size(); i++) {
      List<Set<Selector>> expected = selectors(raw.get(i));
      assertThat(selectors(masked.get(i))).isEqualTo(expected);
      assertThat(selectors(read.get(i))).isEqualTo(expected);
    }
  }

  private static List<Set<Selector>> selectors(JsonNode pod) {
    return K8sSelectors.USUAL.ofEach(Pod.of(pod));
  }

  private ObjectNode ordinaryPod(int number) {
    List<String> keys =
        List.of(
            "name",
            "value",
            "token",
            "password",
            "app",
            "env",
            "args",
            "command",
            "annotations",
            "app.kubernetes.io/name",
            "secret",
            "data");
    List<String> values =
        List.of("hunter2", "web", "", "a.b-c_d", "token", "abcdef0123456789", "1.2.345", "Bearer");
    List<String> images =
        List.of(
            "app-secret:1.2.345",
            "registry:5000/team/token:v1",
            "x/password@sha256:" + "ab".repeat(32),
            "secret",
            "r.example.org/a/b/api-key:latest");
    ObjectNode pod = MAPPER.createObjectNode();
    ObjectNode meta =
        pod.putObject("metadata")
            .put("name", "token-" + number)
            .put("namespace", "secret-" + random.nextInt(9))
            .put("uid", new UUID(random.nextLong(), random.nextLong()).toString());
    ObjectNode labels = meta.putObject("labels");
    for (int i = random.nextInt(5); i >= 0; i--) {
      labels.put(keys.get(random.nextInt(keys.size())), values.get(random.nextInt(values.size())));
    }
    meta.putArray("ownerReferences")
        .addObject()
        .put("kind", "ReplicaSet")
        .put("name", "password-x")
        .put("uid", "u1");
    ObjectNode spec =
        pod.putObject("spec").put("nodeName", "node-1").put("serviceAccountName", "token-issuer");
    ObjectNode status = pod.putObject("status");
    for (String list : List.of("initContainers", "containers")) {
      ArrayNode containers = spec.putArray(list);
      ArrayNode statuses =
          status.putArray(
              list.replace("ainers", "ainerStatuses").replace("Containers", "Container"));
      for (int i = random.nextInt(3); i >= 0; i--) {
        String image = images.get(random.nextInt(images.size()));
        containers.addObject().put("name", "c" + i).put("image", image);
        statuses
            .addObject()
            .put("name", "c" + i)
            .put("image", "docker.io/" + image)
            .put("imageID", "docker-pullable://docker.io/x@sha256:" + "cd".repeat(32))
            .put("containerID", "containerd://" + "ef".repeat(32));
      }
    }
    return pod;
  }

  /** A label that is a token is saved as a mark, and entries with it still match. */
  @Test
  void whatMatchedBeforeMatchesInABundle() throws IOException {
    String token = "gh" + "p_A1b2C3d4E5f6G7h8";
    String other = "gh" + "p_Z9y8X7w6V5u4T3s2";
    ObjectNode pod = MAPPER.createObjectNode();
    pod.putObject("metadata")
        .put("name", "web")
        .put("namespace", "apps")
        .putObject("labels")
        .put("app", token);
    ObjectNode second = pod.deepCopy();
    ((ObjectNode) second.path("metadata").path("labels")).put("app", other);
    ObjectNode answer = MAPPER.createObjectNode();
    ObjectNode entry = answer.putArray("entries").addObject().put("id", "1");
    entry
        .putArray("selectors")
        .addObject()
        .put("type", "k8s")
        .put("value", "pod-label:app:" + token);
    List<Entry> entries =
        new ServerJson(Redaction::text)
            .entries(new ByteArrayInputStream(answer.toString().getBytes(StandardCharsets.UTF_8)));
    ServerAnswers none =
        ServerAnswers.none(
            ServerRoute.exec(new Name("spire", "s-0")), new Unseen<>(Reason.FAILED, "ask", "no"));
    Snapshot snapshot =
        new Snapshot(
            Instant.EPOCH,
            new Seen<>("https://10.0.0.1"),
            Map.of(
                Kind.POD,
                new Seen<>(List.of(Kind.POD.mask().apply(pod), Kind.POD.mask().apply(second)))),
            Map.of(),
            Map.of(),
            Map.of(
                new Name("spire", "s-0"),
                new ServerAnswers(
                    none.route(),
                    none.health(),
                    none.agents(),
                    new Seen<>(entries),
                    none.bundle(),
                    none.federated(),
                    none.relationships(),
                    none.version(),
                    none.info())),
            Map.of());
    assertThat(saved(snapshot)).doesNotContain(token).doesNotContain(other);
    Snapshot read = Bundle.read(new ByteArrayInputStream(bundle(snapshot)), Long.MAX_VALUE);
    List<Pod> pods = read.objects(Kind.POD).seen().orElseThrow().stream().map(Pod::of).toList();
    String label =
        read.servers()
            .values()
            .iterator()
            .next()
            .entries()
            .seen()
            .orElseThrow()
            .getFirst()
            .selectors()
            .iterator()
            .next()
            .value();
    assertThat(label).isEqualTo("pod-label:app:" + pods.get(0).meta().labels().get("app"));
    assertThat(label).isNotEqualTo("pod-label:app:" + pods.get(1).meta().labels().get("app"));
  }
}
