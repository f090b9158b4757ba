package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.evidence.cluster.SavedSnapshots.saved;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Redaction;
import org.spiredoctor.report.JsonReport;
import org.spiredoctor.report.Style;
import org.spiredoctor.report.TextReport;
import org.spiredoctor.secrets.Planted;
import org.spiredoctor.spire.server.ServerJson;

/**
 * Secrets of every form in every field that is saved or printed. {@code -Dspiredoctor.planted=N}
 * plants more of them than usual.
 */
class PlantedSecretsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int COUNT = Integer.getInteger("spiredoctor.planted", 20_000);
  private static final long SEED = Long.getLong("spiredoctor.seed", 4711);

  /** In one snapshot. */
  private static final int TOGETHER = 25;

  private static final List<Planted.Kind> TOKENS =
      List.of(Planted.Kind.JWT, Planted.Kind.JWE, Planted.Kind.KNOWN);

  private final Random random = new Random(SEED);
  private final List<Planted> planted = new ArrayList<>();

  private String secret() {
    Planted one = Planted.any(random);
    planted.add(one);
    return one.text();
  }

  @Test
  void nothingThatIsPlantedIsSavedOrPrinted() throws IOException {
    long began = System.nanoTime();
    int snapshots = 0;
    int count = 0;
    while (count < COUNT) {
      planted.clear();
      Snapshot snapshot = snapshot();
      String saved = saved(snapshot);
      // The rules take longest, and what they print went through the same gate.
      String printed = snapshots % 100 == 0 ? printed(snapshot) : "";
      for (Planted one : planted) {
        assertThat(one.leakedInto(saved)).as("saved, seed %d: %s", SEED, one).isEmpty();
        assertThat(one.leakedInto(printed)).as("printed, seed %d: %s", SEED, one).isEmpty();
      }
      count += planted.size();
      snapshots++;
    }
    System.out.printf(
        "%d secrets planted in %d snapshots (seed %d), none came through, %.1f s%n",
        count, snapshots, SEED, Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0);
  }

  private Snapshot snapshot() throws IOException {
    Map<Kind, Observed<List<JsonNode>>> objects = new EnumMap<>(Kind.class);
    List<JsonNode> pods = new ArrayList<>();
    while (planted.size() < TOGETHER / 2) {
      pods.add(Kind.POD.mask().apply(pod(pods.size())));
    }
    objects.put(Kind.POD, new Seen<>(pods));
    objects.put(Kind.EVENT, new Seen<>(List.of(Kind.EVENT.mask().apply(event()))));
    objects.put(
        Kind.CLUSTER_SPIFFE_ID,
        new Seen<>(List.of(Kind.CLUSTER_SPIFFE_ID.mask().apply(customResource()))));
    objects.put(Kind.NODE, new Unseen<>(Reason.FAILED, "list nodes", secret()));
    Map<Name, Observed<JsonNode>> configMaps = new LinkedHashMap<>();
    ObjectNode map = MAPPER.createObjectNode();
    map.putObject("data").put("server.conf", serverConf()).put("other", secret());
    configMaps.put(
        new Name("spire", "spire-server"),
        new Seen<>(SpireSettings.kept(Kind.CONFIG_MAP.mask().apply(map))));
    Map<LogOf, Observed<String>> logs = new LinkedHashMap<>();
    logs.put(new LogOf("apps", "web-0", "app", false), new Seen<>(Redaction.text(secret())));
    return new Snapshot(
        Instant.EPOCH,
        new Seen<>("https://10.0.0.1"),
        objects,
        configMaps,
        logs,
        servers(),
        Map.of());
  }

  private Map<Name, ServerAnswers> servers() throws IOException {
    Unseen<String> unseen = new Unseen<>(Reason.FAILED, "ask", secret());
    ServerAnswers none = ServerAnswers.none(ServerRoute.exec(new Name("spire", "s-0")), unseen);
    ObjectNode answer = MAPPER.createObjectNode();
    ObjectNode entry = answer.putArray("entries").addObject();
    entry.put("id", "1").put("hint", secret()).put("password", secret());
    entry.putObject("spiffe_id").put("trust_domain", "example.org").put("path", "/web");
    entry.putObject("parent_id").put("trust_domain", "example.org").put("path", "/spire/agent/a");
    entry.putArray("selectors").addObject().put("type", "k8s").put("value", "ns:apps");
    List<Entry> entries =
        new ServerJson(Redaction::text)
            .entries(new ByteArrayInputStream(answer.toString().getBytes(StandardCharsets.UTF_8)));
    return Map.of(
        new Name("spire", "s-0"),
        new ServerAnswers(
            none.route(),
            none.health(),
            // As the server's API gives it, in the agent's own words.
            new Seen<>(
                List.of(
                    new Agent(
                        "spiffe://example.org/spire/agent/a",
                        "k8s_psat",
                        Set.of(),
                        false,
                        true,
                        Optional.empty(),
                        Optional.of(secret())))),
            new Seen<>(entries),
            none.bundle(),
            none.federated(),
            none.relationships(),
            none.version(),
            none.info()));
  }

  private ObjectNode pod(int number) {
    ObjectNode pod = MAPPER.createObjectNode();
    ObjectNode meta =
        pod.putObject("metadata").put("name", "web-" + number).put("namespace", "apps");
    ObjectNode annotations = meta.putObject("annotations");
    switch (random.nextInt(9)) {
      case 0 -> annotations.put("kapp.k14s.io/original", secret());
      case 1 -> annotations.put("kopf.zalando.org/last-handled-configuration", secret());
      case 2 -> annotations.put("spiffe.io/spiffe-id", secret());
      case 3 -> container(pod).putArray("args").add("run").add(secret());
      case 4 -> {
        ObjectNode container = container(pod).put("image", "registry/spire-agent:1.2.3");
        container.putArray("args").add(secret());
      }
      case 5 -> {
        ArrayNode env = container(pod).putArray("env");
        env.addObject().put("name", "DB").put("value", secret());
        env.addObject().put("name", "SPIFFE_ENDPOINT_SOCKET").put("value", secret());
      }
      case 6 -> {
        ObjectNode status = pod.putObject("status").put("message", secret());
        status
            .putArray("conditions")
            .addObject()
            .put("type", "Ready")
            .put("status", "False")
            .put("message", secret());
        container(pod);
        status
            .putArray("containerStatuses")
            .addObject()
            .put("name", "app")
            .putObject("lastState")
            .putObject("terminated")
            .put("exitCode", 1)
            .put("message", secret());
      }
      case 7 -> {
        container(pod);
        Planted token = Planted.of(TOKENS.get(random.nextInt(TOKENS.size())), random);
        while (token.text().contains("=")) {
          // No label has one.
          token = Planted.of(TOKENS.get(random.nextInt(TOKENS.size())), random);
        }
        planted.add(token);
        meta.putObject("labels").put("app", token.text());
      }
      default -> {
        ObjectNode container = container(pod);
        String secret = secret();
        container.putArray("command").add("sh").add("-c").add("export " + secret + "; exec app");
      }
    }
    return pod;
  }

  private static ObjectNode container(ObjectNode pod) {
    return pod.putObject("spec")
        .putArray("containers")
        .addObject()
        .put("name", "app")
        .put("image", "registry/app:1");
  }

  private ObjectNode event() {
    ObjectNode event = MAPPER.createObjectNode().put("reason", "Failed").put("message", secret());
    event
        .putObject("involvedObject")
        .put("kind", "Pod")
        .put("namespace", "apps")
        .put("name", "web-0");
    return event;
  }

  private ObjectNode customResource() {
    ObjectNode object = MAPPER.createObjectNode();
    object.putObject("metadata").put("name", "web");
    object.putObject("spec").put("className", "x").put("password", secret());
    object.putObject("status").putArray("conditions").addObject().put("message", secret());
    return object;
  }

  private String serverConf() {
    return """
        server { trust_domain = "example.org" data_dir = "/run" }
        # %s
        plugins {
          DataStore "sql" { plugin_data {
            database_type = "postgres"
            connection_string = %s } }
          UpstreamAuthority "vault" { plugin_data { anything = %s
            nested { more = [%s] } } }
        }
        """
        .formatted(secret().replace('\n', ' '), text(secret()), text(secret()), text(secret()));
  }

  private static String text(String text) {
    return MAPPER.valueToTree(text).toString();
  }

  private static String printed(Snapshot snapshot) {
    ClusterQuery query =
        new ClusterQuery(
            new ClusterQuery.Pods.WithSocket(Optional.empty()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            true,
            true);
    var report =
        Diagnosis.examine(new ClusterCase(ClusterEvidence.of(snapshot, query)), Rules.all());
    return JsonReport.render(report) + TextReport.render(report, new Style(false, true, 100));
  }
}
