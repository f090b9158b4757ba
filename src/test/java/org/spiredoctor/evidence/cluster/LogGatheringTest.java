package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Growing;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.PlainApi;

/** How much is read where much has failed. */
class LogGatheringTest {
  private static final String AGENT = "spire-agent-many-77";

  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @SuppressWarnings("NullAway.Init")
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    requests.add(exchange.getRequestURI().toString());
    try (exchange) {
      exchange.sendResponseHeaders(200, 0);
      byte[] line = ("x".repeat(1023) + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      for (int i = 0; i < 1024; i++) {
        exchange.getResponseBody().write(line);
      }
    } finally {
      now.decrementAndGet();
    }
  }

  private Map<LogOf, Observed<String>> gather(ClusterScene scene) throws InterruptedException {
    try (KubeApi api = PlainApi.at(server.getAddress().getPort())) {
      LogGathering logs = new LogGathering(api, threads);
      logs.askWorkloads(scene.evidence());
      return logs.answers();
    }
  }

  private static String pod(String name, String owner, int containers, Instant ended) {
    String specs =
        IntStream.range(0, containers)
            .mapToObj(
                i ->
                    "{name: c%d, image: web, volumeMounts: [{name: spire, mountPath: /s}]}"
                        .formatted(i))
            .collect(Collectors.joining(", "));
    String statuses =
        IntStream.range(0, containers)
            .mapToObj(
                i ->
                    """
                    {name: c%d, restartCount: 3, state: {waiting: {reason: CrashLoopBackOff}},
                     lastState: {terminated: {exitCode: 1, finishedAt: "%s"}}}
                    """
                        .formatted(i, ended.plusSeconds(i)))
            .collect(Collectors.joining(", "));
    return """
    {metadata: {name: %s, namespace: apps, uid: %s-uid,
       ownerReferences: [{kind: ReplicaSet, name: %s, uid: %s-uid}]},
     spec: {nodeName: node-1, containers: [%s],
       volumes: [{name: spire, hostPath: {path: /run/spire/sockets}}]},
     status: {phase: Running, containerStatuses: [%s]}}
    """
        .formatted(name, name, owner, owner, specs, statuses);
  }

  @Test
  void whereHundredsFailedOnlyTheNewestAreRead() throws InterruptedException {
    ClusterScene scene = ClusterScene.healthy().workloadLogs();
    for (int i = 0; i < 5; i++) {
      scene.object(Kind.POD, pod("pod-" + i, "owner-" + i, 100, ClusterScene.NOW));
    }
    Map<LogOf, Observed<String>> logs = gather(scene);
    assertThat(logs).hasSize(20);
    assertThat(requests).hasSize(20);
    assertThat(most.get()).isLessThanOrEqualTo(8);
    assertThat(logs.keySet()).extracting(LogOf::container).containsOnly("c99", "c98", "c97", "c96");
    assertThat(logs.values())
        .allSatisfy(log -> assertThat(log.seen().orElse("")).hasSize(256 * 1024).endsWith("x\n"));
  }

  @Test
  void theInitContainerThatSpireWaitsForIsReadToo() throws InterruptedException {
    String agent = "spire-agent-x1y2z";
    ClusterScene scene =
        ClusterScene.healthy()
            .agentNotReady()
            .set(Kind.POD, agent, "/spec/initContainers", "[{name: done}, {name: waits}]")
            .set(
                Kind.POD,
                agent,
                "/status/initContainerStatuses",
                "[{name: done, state: {terminated: {exitCode: 0}}},"
                    + " {name: waits, state: {running: {}}}]");
    assertThat(ofAgents(scene)).containsExactlyInAnyOrder("spire-agent", "waits");
    assertThat(ofAgents(ClusterScene.healthy())).containsExactly("spire-agent");
  }

  /** Twenty of a hundred are read, and that is the one that has to serve the pod. */
  @Test
  void ofAPodThatIsAskedForItsAgentIsRead() throws InterruptedException {
    ClusterScene scene =
        Growing.cluster("nodes with agents", 100).set(Kind.POD, "web", "/spec/nodeName", "many-77");
    assertThat(agents(scene)).hasSize(20).extracting(LogOf::pod).doesNotContain(AGENT);
    assertThat(agents(scene.askingFor("apps", "web")))
        .hasSize(20)
        .extracting(LogOf::pod)
        .contains(AGENT);
    scene.set(
        Kind.POD, "spire-agent-many-99", "/status/conditions", "[{type: Ready, status: 'False'}]");
    assertThat(agents(scene)).extracting(LogOf::pod).contains(AGENT, "spire-agent-many-99");
  }

  private Set<LogOf> agents(ClusterScene scene) throws InterruptedException {
    try (KubeApi api = PlainApi.at(server.getAddress().getPort())) {
      LogGathering logs = new LogGathering(api, threads);
      ClusterEvidence evidence = scene.evidence();
      logs.ask(evidence.agents().getFirst(), evidence);
      return logs.answers().keySet();
    }
  }

  private List<String> ofAgents(ClusterScene scene) throws InterruptedException {
    return agents(scene).stream().map(LogOf::container).toList();
  }

  @Test
  void thoseOfOtherTeamsAreReadOnRequestOnly() throws InterruptedException {
    ClusterScene scene = ClusterScene.healthy();
    scene.object(Kind.POD, pod("failed", "owner", 1, ClusterScene.NOW));
    assertThat(gather(scene)).isEmpty();
    assertThat(gather(scene.workloadLogs())).hasSize(1);
  }

  @Test
  void ofAPodThatIsAskedForByNameThoseThatRunAreReadToo() throws InterruptedException {
    assertThat(gather(ClusterScene.healthy())).isEmpty();
    assertThat(gather(ClusterScene.healthy().askingFor("apps", "web")).keySet())
        .containsExactly(new LogOf("apps", "web", "app", false));
  }

  @Test
  void ofAPodThatIsAskedForByNameThoseThatFailedComeFirst() throws InterruptedException {
    ClusterScene scene = ClusterScene.healthy().askingFor("apps", "many");
    scene.object(Kind.POD, pod("many", "owner", 100, ClusterScene.NOW));
    scene.edit(
        Kind.POD,
        "many",
        pod -> ((ObjectNode) pod.at("/status/containerStatuses/99")).remove("lastState"));
    assertThat(gather(scene).keySet())
        .extracting(LogOf::container)
        .containsExactlyInAnyOrder("c98", "c97", "c96", "c95");
  }

  @Test
  void ofOneOwnerThePodThatFailedLastSpeaksForAll() throws InterruptedException {
    ClusterScene scene = ClusterScene.healthy().workloadLogs();
    for (int i = 0; i < 30; i++) {
      Instant ended = ClusterScene.NOW.minusSeconds(i == 17 ? 1 : 100 + i);
      scene.object(Kind.POD, pod("pod-" + i, "owner", 1, ended));
    }
    assertThat(gather(scene).keySet()).containsExactly(new LogOf("apps", "pod-17", "c0", true));
  }

  @Test
  void ofAnyNumberOfOwnersSomeAreRead() throws InterruptedException {
    ClusterScene scene = ClusterScene.healthy().workloadLogs();
    for (int i = 0; i < 300; i++) {
      scene.object(
          Kind.POD, pod("pod-" + i, "owner-" + i, 2, ClusterScene.NOW.minusSeconds(i * 10L)));
    }
    assertThat(gather(scene).keySet())
        .hasSize(40)
        .contains(new LogOf("apps", "pod-0", "c0", true))
        .doesNotContain(new LogOf("apps", "pod-299", "c0", true));
    assertThat(Optional.of(most.get())).get().satisfies(n -> assertThat(n).isLessThan(9));
  }
}
