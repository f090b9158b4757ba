package org.spiredoctor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.run.binary.TestBinary;

class TestPodTest {
  private static final Limits LIMITS =
      new Limits(
          Duration.ofSeconds(60),
          Duration.ofSeconds(120),
          Duration.ofMillis(1500),
          Duration.ofMinutes(10));

  static TestPod pod(List<String> nodes, SocketVolume volume, Map<String, String> labels) {
    return new TestPod(
        "run-1",
        "apps",
        "tests",
        labels,
        Map.of("LEVEL", "debug", "SPIRE_TRUST_DOMAIN", "other.org"),
        "runner",
        "distroless:1",
        "doctor:1",
        nodes,
        volume,
        "agent.sock",
        "example.org",
        "identity",
        new TestBinary(Path.of("/build/a.test"), 5, "00", "arm64", true),
        List.of("-test.v"),
        LIMITS);
  }

  private static JsonNode manifest() {
    return pod(List.of(), new SocketVolume.Csi("csi.spiffe.io"), Map.of()).manifest();
  }

  @Test
  void theTestsRunWithWhatTheyAreGiven() {
    JsonNode test = manifest().at("/spec/containers/0");
    assertThat(test.path("image").asText()).isEqualTo("distroless:1");
    assertThat(test.path("command").toString()).isEqualTo("[\"/tests/a.test\"]");
    assertThat(test.path("args").toString()).isEqualTo("[\"-test.v\"]");
    assertThat(test.path("env").toString())
        .contains(
            "{\"name\":\"SPIFFE_ENDPOINT_SOCKET\",\"value\":\"unix:///spire-socket/agent.sock\"}")
        .contains("{\"name\":\"SPIRE_AGENT_SOCKET\",\"value\":\"unix:///spire-socket/agent.sock\"}")
        .contains("{\"name\":\"SPIRE_TRUST_DOMAIN\",\"value\":\"other.org\"}")
        .contains("{\"name\":\"LEVEL\",\"value\":\"debug\"}");
    assertThat(manifest().at("/spec/nodeSelector").toString())
        .isEqualTo("{\"kubernetes.io/os\":\"linux\",\"kubernetes.io/arch\":\"arm64\"}");
  }

  @Test
  void theInitContainersWaitAndReceive() {
    JsonNode init = manifest().at("/spec/initContainers");
    assertThat(init.at("/0/args").toString())
        .isEqualTo("[\"wait\",\"--for\",\"identity\",\"--timeout\",\"120s\"]");
    assertThat(init.at("/1/args").toString())
        .isEqualTo("[\"receive\",\"/tests/a.test\",\"--await\",\"--timeout\",\"1500ms\"]");
    assertThat(init.at("/0/name").asText()).isEqualTo("wait-for-socket");
    assertThat(init.at("/1/name").asText()).isEqualTo("setup");
    assertThat(init.at("/0/image").asText()).isEqualTo("doctor:1");
  }

  /** The demands of the Pod Security Standard, https://kubernetes.io/docs/concepts/security/. */
  @ParameterizedTest
  @ValueSource(strings = {"/spec/initContainers/0", "/spec/initContainers/1", "/spec/containers/0"})
  void everyContainerIsRestricted(String at) {
    JsonNode security = manifest().at(at + "/securityContext");
    assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(security.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
    JsonNode pod = manifest().at("/spec/securityContext");
    assertThat(pod.path("runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    assertThat(manifest().at("/spec/automountServiceAccountToken").asBoolean(true)).isFalse();
  }

  @Test
  void aLabelReplacesAnotherButNotTheMark() {
    JsonNode meta =
        pod(
                List.of(),
                new SocketVolume.HostPath("/run/spire"),
                Map.of("app", "mine", "app.kubernetes.io/managed-by", "nobody"))
            .manifest()
            .path("metadata");
    assertThat(meta.at("/labels/app").asText()).isEqualTo("mine");
    assertThat(meta.at("/labels/role").asText()).isEqualTo("ci-test");
    assertThat(meta.at("/labels/security").asText()).isEqualTo("distroless");
    assertThat(meta.at("/labels").path("app.kubernetes.io/managed-by").asText())
        .isEqualTo("spire-doctor");
    assertThat(meta.path("annotations").path("spiredoctor.org/run").asText()).isEqualTo("run-1");
  }

  @Test
  void theSocketComesByEitherVolume() {
    assertThat(volume(new SocketVolume.HostPath("/run/spire")))
        .isEqualTo("{\"path\":\"/run/spire\",\"type\":\"Directory\"}");
    assertThat(volume(new SocketVolume.Csi("csi.spiffe.io")))
        .isEqualTo("{\"driver\":\"csi.spiffe.io\",\"readOnly\":true}");
  }

  private static String volume(SocketVolume socket) {
    JsonNode volumes = pod(List.of(), socket, Map.of()).manifest().at("/spec/volumes");
    JsonNode volume =
        StreamSupport.stream(volumes.spliterator(), false)
            .filter(one -> one.path("name").asText().equals("spire-socket"))
            .findFirst()
            .orElseThrow();
    return (volume.has("csi") ? volume.path("csi") : volume.path("hostPath")).toString();
  }

  @Test
  void oneOfTheNodesWillDo() {
    JsonNode terms =
        pod(List.of("a", "b"), new SocketVolume.HostPath("/run/spire"), Map.of())
            .manifest()
            .at(
                "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms");
    // A term may name one node only, and one of the terms has to hold.
    assertThat(terms).hasSize(2);
    assertThat(terms.at("/1/matchFields/0").toString())
        .isEqualTo("{\"key\":\"metadata.name\",\"operator\":\"In\",\"values\":[\"b\"]}");
    assertThat(manifest().at("/spec/affinity").isMissingNode()).isTrue();
  }

  /** And none that needs all of its time in every stage. */
  @Test
  void aForgottenPodEndsByItself() {
    assertThat(manifest().at("/spec/activeDeadlineSeconds").asLong())
        .isEqualTo(LIMITS.all().toSeconds())
        .isGreaterThan(4 * 60 + 120 + 600);
  }

  @Test
  void dollarsAreNoVariablesOfKubernetes() {
    TestPod pod =
        new TestPod(
            "run-1",
            "apps",
            "tests",
            Map.of(),
            Map.of("PASSWORD", "pa$$word"),
            "default",
            "i",
            "d",
            List.of(),
            new SocketVolume.Csi("csi.spiffe.io"),
            "api.sock",
            "example.org",
            "serving",
            new TestBinary(Path.of("a.test"), 5, "00", "amd64", false),
            List.of("kill $$", "$(HOME)"),
            LIMITS);
    JsonNode test = pod.manifest().at("/spec/containers/0");
    assertThat(test.path("args").toString()).isEqualTo("[\"kill $$$$\",\"$$(HOME)\"]");
    assertThat(test.path("env").toString()).contains("pa$$$$word");
  }

  @Test
  void aPatchLeavesThePodItsRun() throws Exception {
    TestPod pod = pod(List.of(), new SocketVolume.Csi("csi.spiffe.io"), Map.of());
    JsonNode patch =
        new ObjectMapper()
            .readTree(
                "{\"metadata\":{\"annotations\":null,\"labels\":{\"app.kubernetes.io/managed-by\":\"me\"}}}");
    JsonNode meta = pod.manifest(patch).path("metadata");
    assertThat(meta.path("annotations").path("spiredoctor.org/run").asText()).isEqualTo("run-1");
    assertThat(meta.path("labels").path("app.kubernetes.io/managed-by").asText())
        .isEqualTo("spire-doctor");
    JsonNode renamed = new ObjectMapper().readTree("{\"metadata\":{\"name\":\"other\"}}");
    assertThatThrownBy(() -> pod.manifest(renamed)).hasMessageContaining("--pod-name");
  }
}
