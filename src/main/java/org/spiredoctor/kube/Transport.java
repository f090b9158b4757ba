package org.spiredoctor.kube;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.kube.KubeException.Reason;
import org.spiredoctor.kube.config.ApiTarget;
import org.spiredoctor.kube.config.ClientCertificate;
import org.spiredoctor.kube.config.ConfigException;
import org.spiredoctor.kube.config.Credentials;
import org.spiredoctor.kube.config.Proxies;
import org.spiredoctor.kube.config.Tls;

/**
 * HTTP and web sockets to an API server. Every request shows who asks, and as whom, those of web
 * sockets too.
 */
final class Transport implements AutoCloseable {
  /** Of the JDK, which reads it once. */
  private static final String DROPPED_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

  private static final String USER_AGENT = UserAgent.name();

  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);

  private final ApiTarget target;
  private final Map<String, String> environment;
  private final Duration connect;
  private @Nullable HttpClient client;
  private Optional<ClientCertificate> shown = Optional.empty();

  Transport(ApiTarget target, Map<String, String> environment, Duration limit) {
    this.target = target;
    this.environment = environment;
    this.connect = limit.compareTo(LONGEST_CONNECT) < 0 ? limit : LONGEST_CONNECT;
    // Else the JDK drops the user of a proxy on the way to an https server. It reads this when the
    // first request is made up. Not in an initializer: those run when the native binary is built.
    if (System.getProperty(DROPPED_SCHEMES) == null) {
      System.setProperty(DROPPED_SCHEMES, "");
    }
  }

  /** The address of the API server, with a slash at its end. */
  String server() {
    return target.server() + "/";
  }

  URI uri(String path) {
    return URI.create(target.server() + path);
  }

  /**
   * Sends a request; once more, when the server does not know us and there is something new to
   * show.
   */
  HttpResponse<InputStream> send(HttpRequest.Builder request, String asked, Duration limit)
      throws KubeException {
    Credentials.Shown first = shown(asked);
    HttpResponse<InputStream> response = once(request, first, asked, limit);
    if (response.statusCode() != 401 || !renewed(first, asked)) {
      return response;
    }
    KubeApi.quietly(response.body());
    return once(request, shown(asked), asked, limit);
  }

  private HttpResponse<InputStream> once(
      HttpRequest.Builder request, Credentials.Shown now, String asked, Duration limit)
      throws KubeException {
    HttpRequest.Builder whole = request.copy();
    HttpClient http = prepared(now, asked, whole::header);
    return KubeApi.await(http.sendAsync(whole.build(), BodyHandlers.ofInputStream()), asked, limit);
  }

  /** Opens a web socket of the API server, in the same way. */
  CompletableFuture<WebSocket> open(
      String path, String protocol, String asked, Duration limit, WebSocket.Listener listener)
      throws KubeException {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    HttpClient http =
        prepared(shown(asked), asked, (name, value) -> headers.add(Map.entry(name, value)));
    WebSocket.Builder builder =
        http.newWebSocketBuilder().subprotocols(protocol).connectTimeout(limit);
    headers.forEach(header -> builder.header(header.getKey(), header.getValue()));
    String address = uri(path).toString().replaceFirst("^http", "ws");
    return builder.buildAsync(URI.create(address), listener);
  }

  /** Whether there are other credentials after a 401. */
  boolean renewed(Credentials.Shown refused, String asked) throws KubeException {
    try {
      return target.credentials().renewed(refused);
    } catch (ConfigException e) {
      throw unauthenticated(asked, e);
    }
  }

  /** What is to be shown now. */
  Credentials.Shown shown(String asked) throws KubeException {
    try {
      return target.credentials().now();
    } catch (ConfigException e) {
      throw unauthenticated(asked, e);
    }
  }

  /** The client to ask with; the headers are handed over. */
  private HttpClient prepared(
      Credentials.Shown now, String asked, BiConsumer<String, String> header) throws KubeException {
    HttpClient http;
    try {
      http = client(now.certificate());
    } catch (ConfigException e) {
      throw new KubeException(Reason.UNREACHABLE, asked, Redaction.text(e.inWords()));
    }
    try {
      header.accept("User-Agent", USER_AGENT);
      now.authorization().ifPresent(value -> header.accept("Authorization", value));
      target
          .proxy()
          .flatMap(Proxies::authorization)
          .ifPresent(value -> header.accept("Proxy-Authorization", value));
      target.impersonation().headers().forEach(h -> header.accept(h.getKey(), h.getValue()));
    } catch (IllegalArgumentException e) {
      // Its message quotes the header, and so the credentials.
      throw new KubeException(
          Reason.UNAUTHENTICATED,
          asked,
          "the kubeconfig's user has characters that an HTTP header cannot carry");
    }
    return http;
  }

  private static KubeException unauthenticated(String asked, ConfigException e) {
    return new KubeException(Reason.UNAUTHENTICATED, asked, Redaction.text(e.inWords()));
  }

  /** Another certificate needs another connection. */
  private synchronized HttpClient client(Optional<ClientCertificate> certificate)
      throws ConfigException {
    HttpClient now = client;
    if (now != null && certificate.equals(shown)) {
      return now;
    }
    boolean tls = "https".equals(target.server().getScheme());
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(connect)
            .proxy(Proxies.selector(target.proxy()))
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(tls ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
    if (tls) {
      SSLContext context = Tls.context(target.trust(), certificate, environment);
      builder.sslContext(context).sslParameters(Tls.offered(context));
    }
    HttpClient made = builder.build();
    client = made;
    shown = certificate;
    return made;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      // Not close(), which waits for answers that nobody reads.
      client.shutdownNow();
    }
  }
}
