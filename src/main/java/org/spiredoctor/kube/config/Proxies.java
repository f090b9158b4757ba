package org.spiredoctor.kube.config;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Proxies: their addresses, and what they want to know. */
public final class Proxies {
  private Proxies() {}

  /**
   * Reads an address. Of the kinds that kubectl knows, {@code socks5} and {@code https} are
   * refused: the HTTP client has neither, and going past a proxy would not be what was asked for.
   *
   * @param where for the message; the address may hold a password and is not quoted
   */
  static URI parse(String text, String where) throws ConfigException {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(where + ": the proxy's address is not a URL");
    }
    String scheme = String.valueOf(uri.getScheme());
    if (scheme.equals("socks5") || scheme.equals("socks5h") || scheme.equals("https")) {
      throw new ConfigException(
          where
              + ": a proxy of the kind "
              + scheme
              + ":// is not supported; use an http:// proxy, or 'kubectl proxy' and its address as"
              + " the server");
    }
    if (!scheme.equals("http")) {
      throw new ConfigException(where + ": the proxy's address must begin with http://");
    }
    if (uri.getHost() == null) {
      throw new ConfigException(where + ": the proxy's address has no host");
    }
    return uri;
  }

  /** Of an HTTP client: this proxy, or none whatever the JVM's own settings say. */
  public static ProxySelector selector(Optional<URI> proxy) {
    return proxy
        .map(uri -> ProxySelector.of(InetSocketAddress.createUnresolved(host(uri), port(uri))))
        .orElse(HttpClient.Builder.NO_PROXY);
  }

  /** The header {@code Proxy-Authorization}, where the address has a user. */
  public static Optional<String> authorization(URI proxy) {
    return Optional.ofNullable(proxy.getRawUserInfo())
        .map(
            info -> {
              int colon = info.indexOf(':');
              String user = colon < 0 ? info : info.substring(0, colon);
              return Credentials.basic(
                  decoded(user), colon < 0 ? "" : decoded(info.substring(colon + 1)));
            });
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Without the brackets of an IPv6 address. */
  static String host(URI uri) {
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
  }
}
