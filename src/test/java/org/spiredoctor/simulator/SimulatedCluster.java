package org.spiredoctor.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/**
 * A Kubernetes API server that answers from a recording, and lies where a test wants it to: a real
 * one does not take the objects of an adversary whose API server it is, does not break off its
 * answers, and does not send gigabytes.
 */
public final class SimulatedCluster implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ServerSocket listening;
  private final Map<String, ArrayNode> lists = new TreeMap<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, String> logs = new ConcurrentHashMap<>();
  private final Map<String, ObjectNode> servers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** Answers a request in a way of its own. */
  public interface Answer {
    /** Writes the answer. */
    void to(ApiConnection connection, ApiConnection.Request request) throws IOException;
  }

  /** The cluster of a recording, in which all is well but what the recording shows. */
  public SimulatedCluster(Path bundle) throws IOException {
    JsonNode recording;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(bundle))) {
      recording = MAPPER.readTree(in);
    }
    recording
        .path("objects")
        .properties()
        .forEach(
            kind -> {
              if (kind.getValue().path("seen") instanceof ArrayNode seen) {
                lists.put(kind.getKey(), seen);
              }
            });
    ArrayNode configMaps = list("configmaps");
    recording
        .path("configMaps")
        .forEach(
            map -> {
              if (map.path("data").path("seen") instanceof ObjectNode seen) {
                configMaps.add(seen);
              }
            });
    for (JsonNode log : recording.path("logs")) {
      logs.put(
          name(log) + "/" + log.path("container").asText() + log.path("previous").asText(),
          log.path("text").path("seen").asText());
    }
    for (JsonNode server : recording.path("servers")) {
      servers.put(name(server), (ObjectNode) server);
      // It was recorded long ago, and is asked now.
      if (!server.has("bundle")) {
        ((ObjectNode) server).putObject("bundle").set("seen", bundle());
      }
      for (JsonNode agent : server.path("agents").path("seen")) {
        ((ObjectNode) agent)
            .put("x509svid_expires_at", String.valueOf(Instant.now().getEpochSecond() + 3600));
      }
    }
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** Recordings have not always had one. */
  private static ObjectNode bundle() {
    ObjectNode bundle = NODES.objectNode().put("trust_domain", "example.org");
    bundle
        .putArray("x509_authorities")
        .addObject()
        .put("asn1", Base64.getEncoder().encodeToString(new Authority("example.org").bundle()));
    bundle
        .putArray("jwt_authorities")
        .addObject()
        .put("key_id", "key")
        .put("expires_at", String.valueOf(Instant.now().getEpochSecond() + 3600));
    return bundle;
  }

  private static String name(JsonNode of) {
    return of.path("namespace").asText() + "/" + of.path("name").asText();
  }

  /** The objects of a kind, such as {@code pods}; to be changed before the program is started. */
  public ArrayNode list(String plural) {
    return lists.computeIfAbsent(plural, _ -> NODES.arrayNode());
  }

  /** An object by its kind and name. */
  public ObjectNode object(String plural, String name) {
    for (JsonNode one : list(plural)) {
      if (one.path("metadata").path("name").asText().equals(name)) {
        return (ObjectNode) one;
      }
    }
    throw new IllegalArgumentException("no " + name + " among " + plural);
  }

  /** What a server's program says, such as {@code entries}. */
  public ArrayNode said(String server, String what) {
    return (ArrayNode) known(server).path(what).path("seen");
  }

  private ObjectNode known(String server) {
    return Objects.requireNonNull(servers.get(server), server);
  }

  /** Lets pods of this name be servers that say the same as another. */
  public void alsoSays(String server, String as) {
    servers.put(server, known(as));
  }

  /** The text of a container's log. */
  public void log(String namespace, String pod, String container, String text) {
    logs.put(namespace + "/" + pod + "/" + container + "false", text);
  }

  /** Answers all requests whose path ends so in another way. */
  public void answer(String pathEnd, Answer answer) {
    answers.put(pathEnd, answer);
  }

  /** Fails all requests whose path ends so. */
  public void fail(String pathEnd, int code) {
    answer(
        pathEnd,
        (c, _) -> c.answer(code, "text/plain", "out of order".getBytes(StandardCharsets.UTF_8)));
  }

  /** The requests so far, as {@code GET /api/v1/pods}. */
  public List<String> requests() {
    return requests;
  }

  /** A kubeconfig that leads here. */
  public Path kubeconfig(Path directory) throws IOException {
    String yaml =
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
            .formatted(listening.getLocalPort());
    return Files.writeString(directory.resolve("simulated"), yaml);
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listening.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      ApiConnection connection = new ApiConnection(client);
      ApiConnection.Request request = connection.read();
      requests.add(
          request.method()
              + " "
              + request.path()
              + (request.query().containsKey("command")
                  ? " " + String.join(" ", request.query().get("command"))
                  : ""));
      for (Map.Entry<String, Answer> answer : answers.entrySet()) {
        if (request.path().endsWith(answer.getKey())) {
          answer.getValue().to(connection, request);
          return;
        }
      }
      usual(request, connection);
    } catch (IOException e) {
      // The program is gone.
    }
  }

  private void usual(ApiConnection.Request request, ApiConnection connection) throws IOException {
    String[] parts = request.path().split("/", -1);
    String last = parts[parts.length - 1];
    if (last.equals("exec")) {
      connection.upgrade(request);
      run(pod(parts), request.query().getOrDefault("command", List.of()), connection);
    } else if (last.equals("log")) {
      String key = pod(parts) + "/" + request.parameter("container");
      String text = logs.get(key + request.query().containsKey("previous"));
      connection.answer(
          text == null ? 404 : 200,
          "text/plain",
          (text == null ? "" : text).getBytes(StandardCharsets.UTF_8));
    } else if (last.equals("subjectaccessreviews")) {
      // What a tenant makes has no rights beyond its namespace.
      boolean allowed = request.body().contains("system:serviceaccount:spire-system:");
      json(
          connection, NODES.objectNode().set("status", NODES.objectNode().put("allowed", allowed)));
    } else if (last.equals("version")) {
      json(connection, NODES.objectNode().put("major", "1").put("minor", "34"));
    } else if (lists.containsKey(last)) {
      ObjectNode list = NODES.objectNode().put("kind", "List");
      list.set("metadata", NODES.objectNode());
      list.set("items", in(parts, list(last)));
      json(connection, list);
    } else if (parts.length > 2 && lists.containsKey(parts[parts.length - 2])) {
      one(last, in(parts, list(parts[parts.length - 2])), connection);
    } else {
      missing(connection);
    }
  }

  private static String pod(String[] parts) {
    return parts[parts.length - 4] + "/" + parts[parts.length - 2];
  }

  private static ArrayNode in(String[] parts, ArrayNode all) {
    int at = List.of(parts).indexOf("namespaces");
    if (at < 0 || at + 2 >= parts.length) {
      return all;
    }
    ArrayNode its = NODES.arrayNode();
    all.forEach(
        one -> {
          if (one.path("metadata").path("namespace").asText().equals(parts[at + 1])) {
            its.add(one);
          }
        });
    return its;
  }

  private static void one(String name, ArrayNode all, ApiConnection connection) throws IOException {
    for (JsonNode one : all) {
      if (one.path("metadata").path("name").asText().equals(name)) {
        json(connection, one);
        return;
      }
    }
    missing(connection);
  }

  /** As {@code spire-server} answers. */
  private void run(String pod, List<String> command, ApiConnection connection) throws IOException {
    ObjectNode server = servers.get(pod);
    String words = String.join(" ", command);
    JsonNode said =
        server == null
            ? NODES.missingNode()
            : words.contains("entry show")
                ? NODES.objectNode().set("entries", server.path("entries").path("seen"))
                : words.contains("agent list")
                    ? NODES.objectNode().set("agents", server.path("agents").path("seen"))
                    : words.contains("bundle show")
                        ? server.path("bundle").path("seen")
                        : NODES.missingNode();
    if (words.contains("healthcheck")) {
      exit(connection, "Server is healthy.\n", 0);
    } else if (words.contains("--version")) {
      exit(connection, "1.15.3\n", 0);
    } else if (words.contains("bundle list")) {
      exit(connection, "{\"bundles\":[]}", 0);
    } else if (words.contains("federation list")) {
      exit(connection, "{\"federation_relationships\":[]}", 0);
    } else {
      exit(connection, said.isMissingNode() ? "" : said.toString(), said.isMissingNode() ? 1 : 0);
    }
  }

  private static void exit(ApiConnection connection, String out, int code) throws IOException {
    connection.send(1, out.getBytes(StandardCharsets.UTF_8));
    String status =
        code == 0
            ? "{\"status\":\"Success\"}"
            : "{\"status\":\"Failure\",\"message\":\"exit code %1$d\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"%1$d\"}]}}"
                .formatted(code);
    connection.send(3, status.getBytes(StandardCharsets.UTF_8));
    connection.close();
  }

  private static void json(ApiConnection connection, JsonNode body) throws IOException {
    connection.answer(200, "application/json", MAPPER.writeValueAsBytes(body));
  }

  private static void missing(ApiConnection connection) throws IOException {
    connection.answer(
        404,
        "application/json",
        "{\"message\":\"404 not found\"}".getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
