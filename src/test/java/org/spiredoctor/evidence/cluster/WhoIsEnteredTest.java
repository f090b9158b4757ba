package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.PlainApi;

/** In whose pods a program is run, by what an API server is asked. */
class WhoIsEnteredTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String REAL = "system:serviceaccount:spire-system:";

  /** An API server with a scene's objects, that notes in which pods a program is to be run. */
  private static final class Api implements AutoCloseable {
    private final ClusterEvidence scene;
    private final boolean reviews;
    private final ClusterQuery.Pods pods;
    private final HttpServer server;
    private final Set<String> entered = new ConcurrentSkipListSet<>();
    private final Set<String> logs = new ConcurrentSkipListSet<>();
    private final Set<String> commands = new ConcurrentSkipListSet<>();

    Api(ClusterScene scene, boolean reviews) throws IOException {
      this(scene, reviews, new ClusterQuery.Pods.WithSocket(Optional.empty()));
    }

    /** Whose pods may be listed in the namespaces only that matter for those of one. */
    Api(ClusterScene scene, boolean reviews, ClusterQuery.Pods pods) throws IOException {
      this.pods = pods;
      this.scene = scene.evidence();
      this.reviews = reviews;
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", this::answer);
      server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        String path = exchange.getRequestURI().getPath();
        Optional<JsonNode> body = Optional.empty();
        if (path.endsWith("/exec")) {
          entered.add(path.replaceAll(".*/namespaces/(.*)/pods/(.*)/exec", "$1/$2"));
          commands.add(
              exchange
                  .getRequestURI()
                  .getQuery()
                  .replaceFirst(".*?&command=.*?&command=", "")
                  .replace("&command=", " "));
        } else if (path.endsWith("/log")) {
          logs.add(path.replaceAll(".*/namespaces/(.*)/pods/(.*)/log", "$1/$2"));
        } else if (path.endsWith("/subjectaccessreviews")) {
          body = review(MAPPER.readTree(exchange.getRequestBody()));
        } else if (path.contains("/configmaps/")) {
          body = configMap(path);
        } else if (!path.equals("/api/v1/pods") || pods.namespace().isEmpty()) {
          body = list(path.substring(path.lastIndexOf('/') + 1));
        }
        byte[] bytes = MAPPER.writeValueAsBytes(body.orElse(MAPPER.createObjectNode()));
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(body.isPresent() ? 200 : 403, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }

    private Optional<JsonNode> review(JsonNode asked) {
      if (!reviews) {
        return Optional.empty();
      }
      ObjectNode answer = MAPPER.createObjectNode();
      answer.putObject("status").put("allowed", asked.at("/spec/user").asText().startsWith(REAL));
      return Optional.of(answer);
    }

    private Optional<JsonNode> configMap(String path) {
      List<String> words = List.of(path.split("/"));
      return Optional.ofNullable(
              scene.snapshot().configMaps().get(new Name(words.get(4), words.getLast())))
          .flatMap(Observed::seen);
    }

    private Optional<JsonNode> list(String plural) {
      ObjectNode list = MAPPER.createObjectNode();
      list.putObject("metadata");
      for (Kind kind : Kind.values()) {
        if (kind.plural().equals(plural)) {
          scene
              .snapshot()
              .objects(kind)
              .seen()
              .orElse(List.of())
              .forEach(list.withArray("items")::add);
        }
      }
      list.withArray("items");
      return Optional.of(list);
    }

    Snapshot gather(Optional<String> named) throws InterruptedException {
      return gather(named, Scope.EVERYTHING);
    }

    Snapshot gather(Optional<String> named, Scope scope) throws InterruptedException {
      return gather(
          new ClusterQuery(pods, named, Optional.empty(), Optional.empty(), List.of(), true, true),
          scope);
    }

    Snapshot gather(ClusterQuery query) throws InterruptedException {
      return gather(query, Scope.EVERYTHING);
    }

    Snapshot gather(ClusterQuery query, Scope scope) throws InterruptedException {
      try (KubeApi api = PlainApi.at(server.getAddress().getPort())) {
        return new ClusterGathering(api, query, Optional.empty(), Clock.systemUTC(), _ -> {})
            .gather(scope)
            .gathered();
      }
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  /** A look-alike in a tenant's namespace, with nothing but its image's name and configuration. */
  private static ClusterScene withLookAlike() {
    return ClusterScene.healthy()
        .object(
            Kind.STATEFUL_SET,
            """
            {metadata: {name: spire-server, namespace: tenant, uid: evil},
             spec: {replicas: 1, template: {metadata: {labels: {app: evil}},
               spec: {containers: [{name: x, image: "evil/spire-server:1"}]}}}}
            """)
        .object(
            Kind.POD, pod("spire-server-evil", "StatefulSet", "spire-server", "evil", "server"));
  }

  /** The same with agents that have access to the node, and agree with the server. */
  private static ClusterScene withCompleteLookAlike() {
    return withLookAlike()
        .object(
            Kind.DAEMON_SET,
            """
            {metadata: {name: spire-agent, namespace: tenant, uid: evil-agent},
             spec: {template: {metadata: {labels: {app: evil}},
               spec: {containers: [{name: x, image: "evil/spire-agent:1"}]}}},
             status: {desiredNumberScheduled: 1}}
            """)
        .object(Kind.POD, pod("agent-evil", "DaemonSet", "spire-agent", "evil-agent", "agent"))
        .configMapIn(
            "tenant",
            "agent",
            "agent.conf",
            "agent {\ntrust_domain = \"evil.example\"\nserver_address = \"spire-server\"\n}")
        .configMapIn("tenant", "server", "s.conf", "server {\ntrust_domain = \"evil.example\"\n}");
  }

  private static String pod(String name, String kind, String owner, String uid, String program) {
    return """
    {metadata: {name: %1$s, namespace: tenant, uid: %1$s, labels: {app: evil},
       ownerReferences: [{kind: %2$s, name: %3$s, uid: %4$s}]},
     spec: {nodeName: node-1, hostPID: true, serviceAccountName: default,
       containers: [{name: x, image: "evil/spire-%5$s:1"}],
       volumes: [{name: c, configMap: {name: %5$s}}, {name: all, hostPath: {path: /}}]},
     status: {phase: Running, conditions: [{type: Ready, status: "True"}],
       containerStatuses: [{name: x, ready: true, restartCount: 0, state: {running: {}}}]}}
    """
        .formatted(name, kind, owner, uid, program);
  }

  @Test
  void theOnlyServerIs() throws IOException, InterruptedException {
    try (Api api = new Api(ClusterScene.healthy(), false)) {
      api.gather(Optional.empty());
      assertThat(api.entered).containsExactly("spire-system/spire-server-0");
    }
  }

  /** Each is a process in its pod. */
  @Test
  void whoRegistersAsksTheServerNothingElse() throws IOException, InterruptedException {
    try (Api api = new Api(ClusterScene.healthy(), false)) {
      Snapshot seen = api.gather(Optional.empty(), Scope.REGISTRATION);
      assertThat(api.commands)
          .containsExactly(
              "agent list -output json",
              "bundle list -output json",
              // Since no agent was seen.
              "bundle show -output json",
              "entry show -output json");
      assertThat(api.logs).isEmpty();
      assertThat(seen.objects(Kind.POD).seen()).isPresent();
      assertThat(seen.objects(Kind.EVENT).missing()).isPresent();
    }
    try (Api api = new Api(ClusterScene.healthy(), false)) {
      api.gather(Optional.empty(), Scope.ENTRIES);
      assertThat(api.commands).doesNotContain("bundle list -output json");
    }
  }

  @Test
  void whoJudgesAsksForWhatRulesReadOnly() throws IOException, InterruptedException {
    try (Api api = new Api(ClusterScene.healthy(), false)) {
      api.gather(Optional.empty(), Scope.VERDICT);
      assertThat(api.commands)
          .containsExactly(
              "agent list -output json",
              "bundle show -output json",
              "entry show -output json",
              "healthcheck");
      assertThat(api.logs).isNotEmpty();
    }
  }

  @Test
  void whosePodsWereListedIsNoted() throws IOException, InterruptedException {
    ClusterQuery.Pods web = new ClusterQuery.Pods.Named(Optional.of("apps"), "web");
    try (Api api = new Api(ClusterScene.healthy(), false, web)) {
      Snapshot seen = api.gather(Optional.empty());
      assertThat(seen.objects(Kind.POD).seen()).isPresent();
      assertThat(seen.podNamespaces()).contains(Set.of("apps", "spire-system"));
    }
    try (Api api = new Api(ClusterScene.healthy(), false)) {
      assertThat(api.gather(Optional.empty()).podNamespaces()).isEmpty();
    }
  }

  /** A variable that names a tenant's namespace is not the user's word that SPIRE is there. */
  @Test
  void aHintLetsNothingBeEntered() throws IOException, InterruptedException {
    ClusterQuery hinting =
        new ClusterQuery(
                new ClusterQuery.Pods.WithSocket(Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                true,
                true)
            .hinting(Optional.of("tenant"));
    try (Api api = new Api(withCompleteLookAlike(), true)) {
      Snapshot seen = api.gather(hinting);
      assertThat(api.entered).containsExactly("spire-system/spire-server-0");
      assertThat(ClusterEvidence.of(seen, hinting).ignoredHint()).contains("tenant");
    }
    // Where nobody tells which of two is SPIRE, it chooses one to be shown, and none is entered.
    try (Api api = new Api(withCompleteLookAlike(), false)) {
      Snapshot seen = api.gather(hinting);
      assertThat(api.entered).isEmpty();
      ClusterEvidence evidence = ClusterEvidence.of(seen, hinting);
      assertThat(evidence.spireNamespace()).contains("tenant");
      assertThat(evidence.servers()).noneMatch(Component::isCorroborated);
    }
  }

  @Test
  void aLookAlikeIsNot() throws IOException, InterruptedException {
    for (boolean reviews : new boolean[] {true, false}) {
      try (Api api = new Api(withLookAlike(), reviews)) {
        Snapshot seen = api.gather(Optional.empty());
        assertThat(api.entered).containsExactly("spire-system/spire-server-0");
        assertThat(api.logs).noneMatch(pod -> pod.startsWith("tenant/"));
        assertThat(seen.servers()).hasSize(1);
      }
    }
  }

  @Test
  void norIsOneThatAgreesWithItself() throws IOException, InterruptedException {
    try (Api api = new Api(withCompleteLookAlike(), true)) {
      api.gather(Optional.empty());
      assertThat(api.entered).containsExactly("spire-system/spire-server-0");
    }
  }

  @Test
  void ofTwoThatNothingTellsApartNeitherIs() throws IOException, InterruptedException {
    try (Api api = new Api(withCompleteLookAlike(), false)) {
      Map<Name, Snapshot.ServerAnswers> said = api.gather(Optional.empty()).servers();
      assertThat(api.entered).isEmpty();
      assertThat(said.values())
          .hasSize(2)
          .allSatisfy(
              one -> assertThat(one.entries().missing().orElse("")).contains("--spire-namespace"));
    }
  }

  @Test
  void theOneThatTheUserNamesIs() throws IOException, InterruptedException {
    try (Api api = new Api(withCompleteLookAlike(), false)) {
      api.gather(Optional.of("spire-system"));
      assertThat(api.entered).containsExactly("spire-system/spire-server-0");
    }
  }
}
