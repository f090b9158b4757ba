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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spiredoctor.evidence.cluster.ClusterQuery.Pods;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.PlainApi;

/** Of a large cluster only what matters to the pods in question is listed; of a small one all. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ObjectGatheringTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String SERVER =
      owner("spire-server", "StatefulSet", "ghcr.io/spiffe/spire-server:1.15.3", "spire-server");
  private static final String AGENT =
      owner("spire-agent", "DaemonSet", "ghcr.io/spiffe/spire-agent:1.15.3", "spire-agent");

  private static String owner(String name, String kind, String image, String program) {
    return """
        {"kind":"%s","metadata":{"name":"%s","namespace":"identity","uid":"%s"},
         "spec":{"template":{"spec":{"containers":[{"name":"%s","image":"%s"}]}}}}
        """
        .formatted(kind, name, name, program, image);
  }

  /** An API server with so many pods in each namespace, that keeps what it was asked. */
  private static final class Api implements AutoCloseable {
    private static final Pattern PODS =
        Pattern.compile("/api/v1/(?:namespaces/([^/]+)/)?pods(?:/([^/]+))?");

    private final Map<String, Integer> pods;
    private final List<String> owners;
    private final HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

    Api(Map<String, Integer> pods, List<String> owners) throws IOException {
      this.pods = pods;
      this.owners = owners;
      server.createContext("/", this::answer);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        String path = exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getQuery();
        asked.add(path);
        Matcher of = PODS.matcher(path);
        JsonNode body =
            of.matches() && of.group(2) != null
                ? pod(of.group(1), of.group(2))
                : of.matches() ? page(names(Optional.ofNullable(of.group(1))), query) : list(path);
        byte[] bytes = MAPPER.writeValueAsBytes(body);
        boolean found = !body.path("kind").asText().equals("Status");
        exchange.sendResponseHeaders(found ? 200 : 404, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }

    private List<String> names(Optional<String> namespace) {
      List<String> names = new ArrayList<>();
      pods.forEach(
          (ns, count) -> {
            for (int i = 0; i < count && namespace.filter(n -> !n.equals(ns)).isEmpty(); i++) {
              names.add(ns + "/web-" + i);
            }
          });
      return names;
    }

    private JsonNode pod(String namespace, String name) {
      return names(Optional.of(namespace)).contains(namespace + "/" + name)
          ? object(namespace + "/" + name)
          : MAPPER.createObjectNode().put("kind", "Status").put("message", "not found");
    }

    private static ObjectNode object(String name) {
      ObjectNode object = MAPPER.createObjectNode();
      object
          .putObject("metadata")
          .put("namespace", name.substring(0, name.indexOf('/')))
          .put("name", name.substring(name.indexOf('/') + 1));
      return object;
    }

    private static JsonNode page(List<String> names, String query) {
      int from =
          query.contains("continue=")
              ? Integer.parseInt(query.replaceAll(".*continue=(\\d+).*", "$1"))
              : 0;
      int limit = Integer.parseInt(query.replaceAll(".*limit=(\\d+).*", "$1"));
      int to = Math.min(names.size(), from + limit);
      ObjectNode page = MAPPER.createObjectNode();
      page.putObject("metadata")
          .put("continue", to < names.size() ? String.valueOf(to) : "")
          .put("remainingItemCount", names.size() - to);
      names.subList(from, to).forEach(name -> page.withArray("items").add(object(name)));
      page.withArray("items");
      return page;
    }

    private JsonNode list(String path) throws IOException {
      ObjectNode list = MAPPER.createObjectNode();
      list.putObject("metadata");
      list.withArray("items");
      for (String owner : owners) {
        JsonNode json = MAPPER.readTree(owner);
        if (path.endsWith(
            "/" + json.path("kind").asText().toLowerCase(java.util.Locale.ROOT) + "s")) {
          list.withArray("items").add(json);
        }
      }
      return list;
    }

    ObjectGathering.Listed list(ClusterQuery query) throws InterruptedException {
      try (KubeApi api = PlainApi.at(server.getAddress().getPort());
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        return new ObjectGathering(api, query, Scope.EVERYTHING, threads, _ -> {}).list();
      }
    }

    Set<String> asked(String plural) {
      return asked.stream().filter(path -> path.contains(plural)).collect(Collectors.toSet());
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  private static ClusterQuery query(Pods pods) {
    return new ClusterQuery(
            pods, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), true, false)
        .ofLittle();
  }

  private static Map<String, Long> byNamespace(ObjectGathering.Listed listed) {
    return Objects.requireNonNull(listed.objects().get(Kind.POD)).seen().orElseThrow().stream()
        .collect(
            Collectors.groupingBy(
                pod -> pod.at("/metadata/namespace").asText(), Collectors.counting()));
  }

  @Test
  void ofASmallClusterAllIsListed() throws Exception {
    try (Api api =
        new Api(Map.of("apps", 20, "identity", 3, "shop", 400), List.of(SERVER, AGENT))) {
      ObjectGathering.Listed listed = api.list(query(new Pods.Named(Optional.of("apps"), "web-1")));
      assertThat(byNamespace(listed)).containsOnlyKeys("apps", "identity", "shop");
      assertThat(listed.podNamespaces()).isEmpty();
      assertThat(api.asked("events")).containsExactly("/api/v1/events");
    }
  }

  @Test
  void ofALargeOneTheNamespaceAndThoseOfSpire() throws Exception {
    try (Api api =
        new Api(Map.of("apps", 20, "identity", 3, "shop", 900), List.of(SERVER, AGENT))) {
      ObjectGathering.Listed listed = api.list(query(new Pods.WithSocket(Optional.of("apps"))));
      assertThat(byNamespace(listed)).isEqualTo(Map.of("apps", 20L, "identity", 3L));
      assertThat(listed.podNamespaces()).contains(Set.of("apps", "identity"));
      assertThat(api.asked("events"))
          .containsExactlyInAnyOrder(
              "/api/v1/namespaces/apps/events",
              "/api/v1/namespaces/identity/events",
              "/api/v1/namespaces/default/events");
    }
  }

  @Test
  void ofALargeNamespaceThePodAlone() throws Exception {
    try (Api api = new Api(Map.of("apps", 900, "identity", 3), List.of(SERVER, AGENT))) {
      ObjectGathering.Listed listed =
          api.list(query(new Pods.Named(Optional.of("apps"), "web-777")));
      assertThat(byNamespace(listed)).isEqualTo(Map.of("apps", 1L, "identity", 3L));
      // Of the others nothing is known.
      assertThat(listed.podNamespaces()).contains(Set.of("identity"));
    }
  }

  /** Whoever mistypes a name is told of those that are there. */
  @Test
  void andTheWholeNamespaceWhereThePodIsNot() throws Exception {
    try (Api api = new Api(Map.of("apps", 900, "identity", 3), List.of(SERVER, AGENT))) {
      ObjectGathering.Listed listed =
          api.list(query(new Pods.Named(Optional.of("apps"), "wbe-777")));
      assertThat(byNamespace(listed)).isEqualTo(Map.of("apps", 900L, "identity", 3L));
      assertThat(listed.podNamespaces()).contains(Set.of("apps", "identity"));
    }
  }

  /** SPIRE may run as pods that nothing makes. */
  @Test
  void allIsListedWhereSpireIsNotFoundWithoutItsPods() throws Exception {
    try (Api api = new Api(Map.of("apps", 20, "shop", 900), List.of(AGENT))) {
      ObjectGathering.Listed listed = api.list(query(new Pods.WithSocket(Optional.of("apps"))));
      assertThat(byNamespace(listed)).isEqualTo(Map.of("apps", 20L, "shop", 900L));
      assertThat(listed.podNamespaces()).isEmpty();
    }
  }

  /** What a change does to others is to be known. */
  @Test
  void allIsListedWhereThatIsWanted() throws Exception {
    ClusterQuery all =
        new ClusterQuery(
            new Pods.Named(Optional.of("apps"), "web-1"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            true,
            false);
    try (Api api = new Api(Map.of("apps", 20, "shop", 900), List.of(SERVER, AGENT))) {
      ObjectGathering.Listed listed = api.list(all);
      assertThat(byNamespace(listed)).isEqualTo(Map.of("apps", 20L, "shop", 900L));
      assertThat(listed.podNamespaces()).isEmpty();
      // No page is read twice.
      assertThat(api.asked.stream().filter("/api/v1/pods"::equals)).hasSize(2);
    }
  }
}
