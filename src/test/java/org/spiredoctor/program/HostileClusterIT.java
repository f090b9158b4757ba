package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.program.Program.Run;
import org.spiredoctor.simulator.SimulatedCluster;

/** The program in a cluster that an adversary writes to, or whose API server is not well. */
class HostileClusterIT {
  private static final Program PROGRAM =
      Program.hasNative() ? Program.nativeBinary() : Program.jvm();

  private static final Path RECORDING =
      Path.of("src/test/resources/bundles/seed-alias-missing.json.gz");

  private static final String POD = "spire-integration-test";
  private static final String SERVER = "spire-system/spire-server-0";

  @TempDir private Path directory;
  private SimulatedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new SimulatedCluster(RECORDING);
    makeWell();
    alias();
  }

  /** The pod of the recording has failed, and Services were not recorded. */
  private void makeWell() {
    ObjectNode status = (ObjectNode) cluster.object("pods", POD).path("status");
    status.put("phase", "Running");
    for (JsonNode condition : status.path("conditions")) {
      ((ObjectNode) condition).put("status", "True").put("reason", "");
    }
    ObjectNode container = (ObjectNode) status.path("containerStatuses").get(0);
    container.put("ready", true);
    container.putObject("state").putObject("running").put("startedAt", "2026-11-24T04:57:04Z");
    cluster.log("spire-system", POD, "test", "");
    ObjectNode service = cluster.list("services").addObject();
    service.putObject("metadata").put("namespace", "spire-system").put("name", "spire-server");
    ObjectNode spec = service.putObject("spec").put("clusterIP", "10.96.0.20");
    spec.putObject("selector").put("app", "spire-server");
    spec.putArray("ports").addObject().put("name", "grpc").put("port", 8081);
  }

  @AfterEach
  void stop() throws IOException {
    cluster.close();
  }

  /** What the recording lacks: with it the cluster is well. */
  private void alias() {
    ObjectNode alias = ((ObjectNode) cluster.said(SERVER, "entries").get(0)).deepCopy();
    alias.put("id", "a11a5000-0000-0000-0000-000000000000");
    ((ObjectNode) alias.path("spiffe_id")).put("path", "/spire-agent");
    ((ObjectNode) alias.path("parent_id")).put("path", "/spire/server");
    ArrayNode selectors = alias.putArray("selectors");
    selectors.addObject().put("type", "k8s_psat").put("value", "cluster:demo");
    cluster.said(SERVER, "entries").add(alias);
  }

  private Run check(String... words) throws IOException {
    String[] all = new String[words.length + 3];
    all[0] = "check";
    all[1] = "--kubeconfig";
    all[2] = cluster.kubeconfig(directory).toString();
    System.arraycopy(words, 0, all, 3, words.length);
    return PROGRAM.start(Map.of(), all).end();
  }

  @Test
  void theClusterThatTheOthersStartFromIsHealthy() throws IOException {
    Run run = check();
    assertThat(run.code()).as("%s", run).isZero();
    assertThat(run.out()).contains("No problems found");
  }

  @Test
  void aListingThatFailsIsUnknownAndNamed() throws IOException {
    cluster.fail("/daemonsets", 500);
    Run run = check();
    assertThat(run.code()).as("%s", run).isEqualTo(3);
    assertThat(run.out()).contains("daemonsets").contains("500");
  }

  @Test
  void aServerThatSendsWithoutAnEndIsUnknown() throws IOException {
    byte[] spaces = " ".repeat(64 * 1024).getBytes(StandardCharsets.UTF_8);
    cluster.answer(
        "/exec",
        (connection, request) -> {
          connection.upgrade(request);
          while (true) {
            connection.send(1, spaces);
          }
        });
    long began = System.nanoTime();
    Run run = check();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(50));
    assertThat(run.code()).as("%s", run).isIn(1, 3);
    assertThat(run.out()).contains("it printed more than");
  }

  @Test
  void aLookAlikeIsNeitherAskedNorASecondSpire() throws IOException {
    ObjectNode fake = cluster.object("pods", "spire-server-0").deepCopy();
    rename(fake, "tenant", "billing");
    cluster.list("pods").add(fake);
    ObjectNode owner = cluster.object("statefulsets", "spire-server").deepCopy();
    rename(owner, "tenant", "billing");
    cluster.list("statefulsets").add(owner);
    Run run = check();
    assertThat(cluster.requests()).noneMatch(one -> one.contains("/namespaces/tenant/pods/"));
    assertThat(run.code()).as("%s", run).isZero();
    assertThat(run.out()).doesNotContain("several SPIREs");
  }

  private static void rename(ObjectNode object, String namespace, String name) {
    ((ObjectNode) object.path("metadata"))
        .put("namespace", namespace)
        .put("name", name)
        .put("uid", "00000000-0000-0000-0000-" + "%012x".formatted(name.hashCode() & 0xffff));
  }

  @Test
  void aNameDoesNotBecomeAnOption() throws IOException {
    String agent = cluster.list("pods").get(1).path("metadata").path("name").asText();
    ObjectNode pod = cluster.object("pods", agent);
    ((ObjectNode) pod.path("metadata")).put("name", "--all");
    ((ObjectNode) pod.path("status").path("containerStatuses").get(0)).put("ready", false);
    pod.path("status")
        .path("conditions")
        .forEach(condition -> ((ObjectNode) condition).put("status", "False"));
    event("Unhealthy", "Liveness probe failed: context deadline exceeded", pod);
    Run run = check();
    assertThat(run.code()).as("%s", run).isEqualTo(1);
    assertThat(run.out()).doesNotContainPattern("kubectl [^\\n]* --all( |\\n|$)");
  }

  private void event(String reason, String message, ObjectNode about) {
    ObjectNode event = cluster.list("events").addObject();
    event.put("type", "Warning").put("reason", reason).put("message", message);
    event.put("lastTimestamp", Instant.now().toString());
    ObjectNode object = event.putObject("involvedObject").put("kind", "Pod");
    for (String field : List.of("namespace", "name", "uid")) {
      object.set(field, about.path("metadata").path(field));
    }
  }

  @Test
  void secretsStayOutOfReportAndBundle() throws IOException {
    String planted = "hunter" + "2-" + "correct-horse";
    ObjectNode pod = cluster.object("pods", POD);
    ((ObjectNode) pod.path("metadata"))
        .putObject("annotations")
        .put("kapp.k14s.io/original", "{\"env\":[{\"name\":\"X\",\"value\":\"" + planted + "\"}]}");
    ObjectNode container = (ObjectNode) pod.path("spec").path("containers").get(0);
    container.putArray("args").add("--db-password").add(planted);
    ((ObjectNode) pod.path("metadata").path("labels")).put("app", "nobody");
    event("Failed", "dial postgres://app:" + planted + "@db:5432/app: refused", pod);
    Path bundle = directory.resolve("bundle.json.gz");
    Run run = check("-v", "--save", bundle.toString());
    assertThat(run.out() + run.err()).doesNotContain(planted);
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(bundle))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).doesNotContain(planted);
    }
  }

  @Test
  void aNearEntryOfAnotherNamespaceIsNotChanged() throws IOException {
    ObjectNode entry = (ObjectNode) cluster.said(SERVER, "entries").get(0);
    ((ObjectNode) entry.path("selectors").get(0)).put("value", "ns:spire-systems");
    Run run = check("--fix", "--yes");
    assertThat(run.code()).as("%s", run).isEqualTo(1);
    assertThat(cluster.requests()).noneMatch(one -> one.contains(" entry update"));
    assertThat(cluster.requests()).noneMatch(one -> one.contains(" entry create"));
    assertThat(run.out()).doesNotContain("entry update");
  }

  @Test
  void oddObjectsEndNothing() throws IOException {
    ObjectNode pod = cluster.object("pods", POD).deepCopy();
    rename(pod, "odd", "no-containers");
    ((ObjectNode) pod.path("spec")).putArray("containers");
    cluster.list("pods").add(pod);
    ObjectNode entry = ((ObjectNode) cluster.said(SERVER, "entries").get(0)).deepCopy();
    entry.put("id", "odd").put("expires_at", "9223372036854775807");
    cluster.said(SERVER, "entries").add(entry);
    Run run = check("-o", "json");
    assertThat(run.code()).as("%s", run).isIn(0, 1, 3);
    assertThat(run.out()).startsWith("{").contains("\"verdict\"");
  }
}
