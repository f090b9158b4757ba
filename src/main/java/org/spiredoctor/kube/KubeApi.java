package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.spiredoctor.kube.KubeException.Reason;
import org.spiredoctor.kube.config.ApiTarget;

/**
 * A client of the Kubernetes API. Requests are made by hand, so that answers can be read as they
 * come and none of thousands of model classes is needed.
 */
public final class KubeApi implements AutoCloseable {
  /** A page of many objects over a slow connection. */
  private static final Duration BODY_LIMIT = Duration.ofSeconds(60);

  /** What a server may let one request wait for in all. */
  private static final Duration LONGEST_PAUSES = Duration.ofSeconds(30);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Transport transport;
  private final Duration limit;
  private final Turns turns;

  /**
   * Sends nothing yet.
   *
   * @param environment of this process, which says where the system's authorities are
   * @param limit for each request, until its answer begins
   */
  public KubeApi(ApiTarget target, Map<String, String> environment, Duration limit) {
    this(new Transport(target, environment, limit), new Turns(), limit);
  }

  private KubeApi(Transport transport, Turns turns, Duration limit) {
    this.transport = transport;
    this.turns = turns;
    this.limit = limit;
  }

  /**
   * The same with another limit; when one of them is closed, both are.
   *
   * @param other for each request, until its answer begins
   */
  public KubeApi within(Duration other) {
    return new KubeApi(transport, turns, other);
  }

  /** The address of the API server. */
  public String server() {
    return transport.server();
  }

  /**
   * All objects of a kind, in one namespace or in all.
   *
   * @throws KubeException also when something answers well that is no list: a portal, or a proxy
   */
  public List<JsonNode> list(Kind kind, Optional<String> namespace) throws KubeException {
    return listing(kind, namespace).all(_ -> {});
  }

  /** The same, of which nothing is read yet. */
  public Listing listing(Kind kind, Optional<String> namespace) {
    return new Listing(this, kind, namespace, "");
  }

  /** Whether a kind has more objects than one request lists; false also where that is not told. */
  public boolean hasMany(Kind kind) throws KubeException {
    String asked = asked("list", kind, Optional.empty());
    ObjectList.Collector one = new ObjectList.Collector();
    try (InputStream body = get(asked, kind.path(Optional.empty()) + "?limit=1")) {
      return Answers.page(asked, kind.mask(), body, one, _ -> {}).remaining() >= Listing.PAGE;
    } catch (IOException e) {
      throw Answers.broken(asked, e);
    }
  }

  /** One object. */
  public JsonNode get(Kind kind, Optional<String> namespace, String name) throws KubeException {
    String asked = asked("get", kind, namespace) + " " + name;
    try (InputStream body = get(asked, kind.path(namespace) + "/" + encode(name))) {
      return kind.mask().apply(Answers.object(asked, name, body));
    } catch (IOException e) {
      throw Answers.broken(asked, e);
    }
  }

  /**
   * The last lines of a container's log.
   *
   * @param previous of the container's life before this one
   */
  public String log(
      String namespace, String pod, String container, boolean previous, int lines, int bytes)
      throws KubeException {
    String asked = "get pods/log in namespace " + namespace;
    String path =
        Kind.POD.path(Optional.of(namespace))
            + "/"
            + encode(pod)
            + "/log?container="
            + encode(container)
            + "&tailLines="
            + lines
            + (previous ? "&previous=true" : "");
    try (InputStream body = get(asked, path)) {
      // The last bytes, not the first ones as limitBytes would have it.
      return Redaction.text(LogWindow.last(tail(body, bytes + 1), bytes));
    } catch (IOException e) {
      throw Answers.broken(asked, e);
    } catch (KubeException e) {
      throw saysNoLog(e.answer()) ? new KubeException(Reason.NOT_FOUND, asked, e.answer()) : e;
    }
  }

  /** As a kubelet says it (validateContainerLogStatus), with 400 instead of 404. */
  private static boolean saysNoLog(String answer) {
    return answer.contains("is waiting to start")
        || (answer.contains("previous terminated container") && answer.contains("not found"));
  }

  /** The last bytes of a stream, of which no more than twice as many are held at any time. */
  static byte[] tail(InputStream in, int bytes) throws IOException {
    byte[] window = new byte[2 * bytes];
    int held = 0;
    for (long most = 16L * bytes; most > 0; ) {
      int n = in.read(window, held, (int) Math.min(most, window.length - held));
      if (n < 0) {
        break;
      }
      most -= n;
      held += n;
      if (held == window.length) {
        System.arraycopy(window, bytes, window, 0, bytes);
        held = bytes;
      }
    }
    return Arrays.copyOfRange(window, Math.max(0, held - bytes), held);
  }

  /**
   * What is told of one object, by its uid.
   *
   * @return nothing when there is nothing, be it that it is told no longer
   */
  public List<Event> events(String namespace, String uid) throws KubeException {
    String selector = "&fieldSelector=" + encode("involvedObject.uid=" + uid);
    return new Listing(this, Kind.EVENT, Optional.of(namespace), selector)
        .all(_ -> {}).stream().map(Event::of).toList();
  }

  /**
   * A container's log as it is, each line behind its time. It is not redacted: it is for who runs
   * the container, and not for evidence.
   *
   * @param since whole seconds count
   * @param follow whether it goes on until the container ends
   * @return to be closed; with {@code follow} it may break off at any time
   */
  public InputStream timedLog(
      String namespace, String pod, String container, Optional<Instant> since, boolean follow)
      throws KubeException {
    String path =
        Kind.POD.path(Optional.of(namespace))
            + "/"
            + encode(pod)
            + "/log?timestamps=true&container="
            + encode(container)
            + "&follow="
            + follow
            + since
                .map(at -> "&sinceTime=" + encode(at.truncatedTo(ChronoUnit.SECONDS).toString()))
                .orElse("");
    String asked = "get pods/log in namespace " + namespace;
    // It may be read for hours, and so takes nobody's turn.
    return exchange(HttpRequest.newBuilder(transport.uri(path)), asked).body();
  }

  /**
   * A line for each change of one object, and one for what it is now. They are not redacted, and
   * are no evidence.
   *
   * @return to be closed; it ends after some minutes, and may break off at any time
   */
  public InputStream changes(Kind kind, String namespace, String name) throws KubeException {
    String path =
        kind.path(Optional.of(namespace))
            + "?watch=true&fieldSelector="
            + encode("metadata.name=" + name);
    String asked = asked("watch", kind, Optional.of(namespace)) + " " + name;
    // It may be read for hours, and so takes nobody's turn.
    return exchange(HttpRequest.newBuilder(transport.uri(path)), asked).body();
  }

  /** Whether a service account may do something; the review is an answer only, nothing is made. */
  public boolean may(Access access) throws KubeException {
    String asked = "create subjectaccessreviews.authorization.k8s.io";
    ObjectNode review = MAPPER.createObjectNode();
    review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
    ObjectNode spec = review.putObject("spec").put("user", access.user());
    spec.putArray("groups")
        .add("system:serviceaccounts")
        .add("system:serviceaccounts:" + access.home())
        .add("system:authenticated");
    String[] resource = access.resource().split("/", 2);
    ObjectNode attributes = spec.putObject("resourceAttributes");
    attributes
        .put("verb", access.verb())
        .put("group", access.group())
        .put("resource", resource[0])
        .put("subresource", resource.length > 1 ? resource[1] : "")
        .put("name", access.name());
    access.namespace().ifPresent(ns -> attributes.put("namespace", ns));
    String path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    try (InputStream body = send("POST", path, "application/json", review.toString(), asked)) {
      return Answers.allowed(asked, body);
    } catch (IOException e) {
      throw Answers.broken(asked, e);
    }
  }

  /**
   * Runs a program of a container's own image.
   *
   * @param limits of all that it may do
   */
  public Exec exec(
      String namespace,
      String pod,
      String container,
      List<String> command,
      Exec.Input input,
      Exec.Limits limits)
      throws KubeException {
    StringBuilder path =
        new StringBuilder(Kind.POD.path(Optional.of(namespace)))
            .append('/')
            .append(encode(pod))
            .append("/exec?stdout=true&stderr=true&stdin=")
            .append(input != Exec.Input.NONE)
            .append("&container=")
            .append(encode(container));
    command.forEach(word -> path.append("&command=").append(encode(word)));
    String asked = "create pods/exec in namespace " + namespace;
    return Exec.start(transport, path.toString(), limit, asked, input, limits);
  }

  /**
   * Whether a program's standard input can be closed, and not only broken off: with {@code
   * v5.channel.k8s.io}, which Kubernetes speaks from 1.30 on.
   */
  public boolean closesInput() throws KubeException {
    try (InputStream body = get("get the version of the API server", "/version")) {
      return Answers.minor(body) >= 30;
    } catch (IOException e) {
      throw Answers.broken("get /version", e);
    }
  }

  InputStream get(String asked, String path) throws KubeException {
    // Lists of thousands of objects are a tenth as long.
    HttpRequest.Builder request =
        HttpRequest.newBuilder(transport.uri(path)).header("Accept-Encoding", "gzip");
    return turns.take(asked, () -> plain(asked, exchange(request, asked)));
  }

  InputStream send(String method, String path, String type, String body, String asked)
      throws KubeException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(transport.uri(path))
            .method(method, BodyPublishers.ofString(body))
            .header("Content-Type", type);
    return turns.take(asked, () -> new TimedBody(exchange(request, asked).body(), BODY_LIMIT));
  }

  private static InputStream plain(String asked, HttpResponse<InputStream> response)
      throws KubeException {
    InputStream body = new TimedBody(response.body(), BODY_LIMIT);
    if (!response.headers().firstValue("Content-Encoding").equals(Optional.of("gzip"))) {
      return body;
    }
    try {
      return new GZIPInputStream(body, 16 * 1024);
    } catch (IOException e) {
      quietly(body);
      throw Answers.broken(asked, e);
    }
  }

  /**
   * The answer, when it is a good one. A server that has too much to do says when to come back;
   * then it did nothing of what was asked.
   */
  private HttpResponse<InputStream> exchange(HttpRequest.Builder request, String asked)
      throws KubeException {
    Duration waited = Duration.ZERO;
    while (true) {
      HttpResponse<InputStream> response = transport.send(request, asked, limit);
      if (response.statusCode() / 100 == 2) {
        return response;
      }
      Optional<Duration> pause = Answers.comeBack(response).filter(of(waited));
      if (pause.isEmpty()) {
        throw Answers.refused(asked, response.statusCode(), Answers.body(response));
      }
      quietly(response.body());
      waited = waited.plus(pause.get());
      pause(pause.get(), asked);
    }
  }

  /** Whether there is time for a pause after others. */
  private static Predicate<Duration> of(Duration waited) {
    return pause -> waited.plus(pause).compareTo(LONGEST_PAUSES) <= 0;
  }

  private static void pause(Duration pause, String asked) throws KubeException {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubeException(Reason.TIMED_OUT, asked, "interrupted");
    }
  }

  /** Throws an answer away. */
  static void quietly(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // Nobody wanted it.
    }
  }

  static <T> T await(CompletableFuture<T> future, String asked, Duration limit)
      throws KubeException {
    try {
      return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new KubeException(Reason.TIMED_OUT, asked, "no answer in " + limit.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KubeException answered
          ? answered
          : new KubeException(Reason.UNREACHABLE, asked, Failures.inWords(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubeException(Reason.TIMED_OUT, asked, "interrupted");
    }
  }

  static String asked(String verb, Kind kind, Optional<String> namespace) {
    return verb
        + " "
        + kind.plural()
        + (kind.group().isEmpty() ? "" : "." + kind.group())
        + namespace.map(ns -> " in namespace " + ns).orElse("");
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    transport.close();
  }
}
