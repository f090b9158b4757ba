package org.spiredoctor.kube.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.kube.config.ApiTarget.ServerTrust;
import org.spiredoctor.kube.config.Credentials.Shown;
import org.spiredoctor.kube.config.Kubeconfig.Part;

/** One context of a kubeconfig: its cluster and its user, checked as kubectl checks them. */
public final class KubeconfigContext {
  /** In bytes: certificates and keys. */
  private static final int LARGEST_FILE = 4 * 1024 * 1024;

  private final Kubeconfig config;
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final boolean terminal;

  /**
   * @param environment of this process: proxies, and what exec plugins inherit
   * @param terminal whether somebody sits at one, for exec plugins
   */
  public KubeconfigContext(
      Kubeconfig config, Map<String, String> environment, InstantSource clock, boolean terminal) {
    this.config = config;
    this.environment = Map.copyOf(environment);
    this.clock = clock;
    this.terminal = terminal;
  }

  /**
   * Resolves it.
   *
   * @param name the current context when absent
   */
  public ApiTarget resolve(Optional<String> name) throws ConfigException {
    String wanted = name.orElse(config.currentContext());
    if (wanted.isEmpty()) {
      throw new ConfigException(
          config.where() + ": no current-context; name one with --context: " + names());
    }
    Part context = config.contexts().get(wanted);
    if (context == null) {
      throw new ConfigException(
          "no context '" + wanted + "' in " + config.where() + ", only: " + names());
    }
    String clusterName = context.text("cluster");
    Part cluster = config.clusters().get(clusterName);
    if (cluster == null) {
      throw missing(context, wanted, "cluster", clusterName);
    }
    String userName = context.text("user");
    Part user = userName.isEmpty() ? Kubeconfig.NOBODY : config.users().get(userName);
    if (user == null) {
      throw missing(context, wanted, "user", userName);
    }
    ServerTrust trust = trust(clusterName, cluster);
    URI server = server(clusterName, cluster, user, trust);
    Impersonation as = Impersonation.of(userName, user);
    // Checked over http:// too, where, as with kubectl, it is not shown.
    Credentials credentials =
        new UserCredentials(userName, user, clock).of(() -> plugin(userName, user, cluster, trust));
    return new ApiTarget(
        server,
        Optional.of(context.text("namespace")).filter(ns -> !ns.isEmpty()),
        trust,
        proxy(clusterName, cluster, server),
        as,
        shown(server, credentials));
  }

  /** A user in the address comes before any other, as in Go's HTTP client, and over http:// too. */
  private static Credentials shown(URI server, Credentials credentials) {
    boolean tls = "https".equals(server.getScheme());
    Optional<String> user = Proxies.authorization(server);
    if (user.isPresent()) {
      return () -> new Shown(user, tls ? credentials.now().certificate() : Optional.empty());
    }
    return tls ? credentials : Credentials.fixed(Shown.NOTHING);
  }

  private String names() {
    return config.contexts().isEmpty()
        ? "it has none"
        : String.join(", ", config.contexts().keySet());
  }

  private static ConfigException missing(Part context, String name, String what, String which) {
    return new ConfigException(
        context.file()
            + ": context '"
            + name
            + "' names "
            + (which.isEmpty()
                ? "no " + what
                : "the " + what + " '" + which + "', which does not exist"));
  }

  private static ServerTrust trust(String name, Part cluster) throws ConfigException {
    boolean insecure = cluster.value().path("insecure-skip-tls-verify").asBoolean();
    Optional<byte[]> authorities = content(name, cluster, "cluster", "certificate-authority");
    if (insecure && authorities.isPresent()) {
      throw new ConfigException(
          cluster.file()
              + ": cluster '"
              + name
              + "' has a certificate authority and insecure-skip-tls-verify: remove one of them");
    }
    Optional<String> serverName =
        Optional.of(cluster.text("tls-server-name")).filter(text -> !text.isEmpty());
    return new ServerTrust(authorities, insecure, serverName);
  }

  private static URI server(String name, Part cluster, Part user, ServerTrust trust)
      throws ConfigException {
    String text = cluster.text("server");
    if (text.isEmpty()) {
      throw new ConfigException(cluster.file() + ": cluster '" + name + "' has no server");
    }
    boolean tls =
        trust.insecure()
            || trust.authorities().isPresent()
            || !user.text("client-certificate").isEmpty()
            || !user.text("client-certificate-data").isEmpty();
    String whole = text.contains("://") ? text : (tls ? "https://" : "http://") + text;
    try {
      URI uri = URI.create(whole.replaceFirst("[?#].*$", "").replaceFirst("/+$", ""));
      if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?")) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // The same message as for any other that is none.
    }
    throw new ConfigException(
        cluster.file() + ": cluster '" + name + "': its server is not an http(s):// address");
  }

  private Optional<URI> proxy(String name, Part cluster, URI server) throws ConfigException {
    String own = cluster.text("proxy-url");
    return own.isEmpty()
        ? EnvironmentProxy.of(server, environment)
        : Optional.of(Proxies.parse(own, cluster.file() + ": proxy-url of cluster '" + name + "'"));
  }

  private Credentials plugin(String name, Part user, Part cluster, ServerTrust trust)
      throws ConfigException {
    return new ExecPlugin(
        ExecSettings.of(name, user, cluster, trust), environment, clock, terminal);
  }

  /**
   * The content of {@code FIELD-data}, or of the file {@code FIELD}.
   *
   * @return nothing when there is neither
   */
  static Optional<byte[]> content(String name, Part part, String kind, String field)
      throws ConfigException {
    String data = part.text(field + "-data");
    Optional<Path> path = part.path(field);
    String where = part.file() + ": " + field + " of " + kind + " '" + name + "'";
    if (!data.isEmpty() && path.isPresent()) {
      throw new ConfigException(where + " and " + field + "-data are both given: remove one");
    }
    if (path.isPresent()) {
      return Optional.of(Kubeconfig.bytes(path.get(), LARGEST_FILE, where + ": " + path.get()));
    }
    try {
      return data.isEmpty()
          ? Optional.empty()
          : Optional.of(Base64.getDecoder().decode(data.replaceAll("\\s", "")));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          part.file() + ": " + field + "-data of " + kind + " '" + name + "' is not base64");
    }
  }
}
