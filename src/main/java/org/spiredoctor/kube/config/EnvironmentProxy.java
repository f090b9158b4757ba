package org.spiredoctor.kube.config;

import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy that {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} say, in upper or
 * lower case, by the rules of Go's {@code http.ProxyFromEnvironment}, which kubectl follows.
 *
 * @see <a href="https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config">httpproxy.Config</a>
 */
final class EnvironmentProxy {
  private EnvironmentProxy() {}

  /** The proxy for a server; absent when it is asked directly. */
  static Optional<URI> of(URI server, Map<String, String> environment) throws ConfigException {
    boolean https = "https".equals(server.getScheme());
    // As Go: a CGI program must not take a proxy from a request's header.
    if (!https && environment.containsKey("REQUEST_METHOD")) {
      return Optional.empty();
    }
    String name = https ? "HTTPS_PROXY" : "HTTP_PROXY";
    String proxy = either(environment, name);
    if (proxy.isEmpty()
        || direct(Proxies.host(server), Proxies.port(server), either(environment, "NO_PROXY"))) {
      return Optional.empty();
    }
    return Optional.of(
        Proxies.parse(proxy.contains("://") ? proxy : "http://" + proxy, "the variable " + name));
  }

  private static String either(Map<String, String> environment, String name) {
    String upper = environment.getOrDefault(name, "");
    return upper.isEmpty() ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "") : upper;
  }

  private static boolean direct(String host, int port, String noProxy) {
    Optional<InetAddress> address = literal(host);
    if (host.equals("localhost") || address.filter(InetAddress::isLoopbackAddress).isPresent()) {
      return true;
    }
    for (String word : noProxy.toLowerCase(Locale.ROOT).split(",", -1)) {
      String rule = word.strip();
      if (rule.equals("*") || (!rule.isEmpty() && matches(rule, host, address, port))) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(
      String rule, String host, Optional<InetAddress> address, int port) {
    int slash = rule.indexOf('/');
    if (slash > 0) {
      Optional<InetAddress> network = literal(rule.substring(0, slash));
      if (network.isPresent()) {
        return address.isPresent()
            && within(address.get(), network.get(), rule.substring(slash + 1));
      }
    }
    String name = rule;
    int colon = rule.lastIndexOf(':');
    boolean bracketed = rule.startsWith("[") && rule.contains("]");
    if (colon > rule.lastIndexOf(']') && (bracketed || rule.indexOf(':') == colon)) {
      if (!rule.substring(colon + 1).equals(String.valueOf(port))) {
        return false;
      }
      name = rule.substring(0, colon);
    }
    name = name.replace("[", "").replace("]", "");
    Optional<InetAddress> ip = literal(name);
    if (ip.isPresent()) {
      return address.equals(ip);
    }
    return named(name, host);
  }

  /**
   * {@code a.b} is that and what is below it; {@code .a.b} and {@code *.a.b} only what is below.
   */
  private static boolean named(String rule, String host) {
    String below = rule.startsWith("*.") ? rule.substring(1) : rule;
    if (below.isEmpty()) {
      return false;
    }
    return below.startsWith(".")
        ? host.endsWith(below)
        : host.equals(below) || host.endsWith("." + below);
  }

  private static boolean within(InetAddress address, InetAddress network, String length) {
    byte[] a = address.getAddress();
    byte[] n = network.getAddress();
    if (a.length != n.length || !length.matches("\\d{1,3}")) {
      return false;
    }
    int bits = Integer.parseInt(length);
    if (bits > 8 * a.length) {
      return false;
    }
    int whole = bits / 8;
    if (Arrays.mismatch(a, 0, whole, n, 0, whole) >= 0) {
      return false;
    }
    int rest = bits % 8;
    return rest == 0 || ((a[whole] ^ n[whole]) & 0xff) >> (8 - rest) == 0;
  }

  /** An address that is written as one: no name is looked up. */
  private static Optional<InetAddress> literal(String text) {
    try {
      return text.matches("\\d+(\\.\\d+){3}") || text.contains(":")
          ? Optional.of(InetAddress.ofLiteral(text))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
