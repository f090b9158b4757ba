package org.spiredoctor.spire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a Workload API listens, as the <a
 * href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_Endpoint.md">SPIFFE
 * Workload Endpoint</a> specification, section 4, writes it: {@code unix:///path} or {@code
 * tcp://IP:port}.
 */
public sealed interface Endpoint {

  /** The longest path that fits a Unix socket address: 108 bytes with the closing zero. */
  int LONGEST_PATH = 107;

  /** A Unix domain socket. */
  record Unix(Path path) implements Endpoint {
    @Override
    public String toString() {
      return "unix://" + path;
    }
  }

  /** A TCP address; the host is always a literal IP, so nothing is ever looked up. */
  record Tcp(InetSocketAddress address) implements Endpoint {
    @Override
    public String toString() {
      InetAddress ip = address.getAddress();
      String host = ip.getHostAddress();
      return "tcp://"
          + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
          + ":"
          + address.getPort();
    }
  }

  /**
   * Reads an address as the specification demands, nothing laxer: what is accepted here is accepted
   * by every SPIFFE library.
   *
   * @throws MalformedEndpointException naming the one thing that is wrong and the likely meaning
   */
  static Endpoint parse(String text) throws MalformedEndpointException {
    if (text.isBlank()) {
      throw new MalformedEndpointException("it is empty", null);
    }
    if (text.startsWith("/")) {
      throw new MalformedEndpointException(
          text.contains("unix:/")
              ? "it is a path with a unix: address inside: an address was given where a path is wanted"
              : "it is a bare path, without the scheme unix://",
          "unix://" + stripEmbeddedScheme(text));
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new MalformedEndpointException(
          "it is not a URI (" + e.getReason() + " at character " + (e.getIndex() + 1) + ")", null);
    }
    String scheme = uri.getScheme();
    if (scheme == null) {
      throw new MalformedEndpointException(
          "it has no scheme, and it is not an absolute path either", "unix:///" + text);
    }
    return switch (scheme.toLowerCase(Locale.ROOT)) {
      case "unix" -> unix(uri);
      case "tcp" -> tcp(uri);
      default ->
          throw new MalformedEndpointException(
              "its scheme is " + scheme + ", and only unix and tcp are allowed", null);
    };
  }

  /**
   * Reads what a flag such as {@code --socket} may hold: an address, or the absolute path of a
   * socket.
   *
   * @throws MalformedEndpointException as {@link #parse}
   */
  static Endpoint parseLenient(String text) throws MalformedEndpointException {
    return text.startsWith("/") && !text.contains("unix:/") ? unix(path(text)) : parse(text);
  }

  private static Endpoint unix(URI uri) throws MalformedEndpointException {
    if (uri.isOpaque()) {
      String rest = uri.getSchemeSpecificPart();
      throw new MalformedEndpointException(
          "the path after unix: is relative, it must be absolute", "unix:///" + rest);
    }
    String authority = uri.getRawAuthority();
    if (authority != null) {
      String path = uri.getPath() == null ? "" : uri.getPath();
      throw new MalformedEndpointException(
          "it has two slashes after unix:, so '"
              + authority
              + "' is read as a host name, which a unix address must not have",
          "unix:///" + authority + path);
    }
    refuse(uri.getRawQuery() != null, "a query ('?…')");
    refuse(uri.getRawFragment() != null, "a fragment ('#…')");
    String path = uri.getPath();
    if (path == null || path.isEmpty() || path.equals("/")) {
      throw new MalformedEndpointException(
          "it has no path to a socket", "unix:///tmp/spire-agent/public/api.sock");
    }
    return unix(path(path));
  }

  private static Endpoint unix(Path path) throws MalformedEndpointException {
    int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LONGEST_PATH) {
      throw new MalformedEndpointException(
          "its path is "
              + bytes
              + " bytes long, and a Unix socket's path has at most "
              + LONGEST_PATH,
          null);
    }
    return new Unix(path);
  }

  private static Path path(String text) throws MalformedEndpointException {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new MalformedEndpointException("its path cannot be one: " + e.getReason(), null);
    }
  }

  private static Endpoint tcp(URI uri) throws MalformedEndpointException {
    if (uri.isOpaque()) {
      throw new MalformedEndpointException(
          "a tcp address is tcp://IP:port", "tcp://" + uri.getSchemeSpecificPart());
    }
    String authority = uri.getRawAuthority();
    if (authority == null) {
      throw new MalformedEndpointException("it has no IP:port", null);
    }
    refuse(authority.indexOf('@') >= 0, "user information ('…@')");
    refuse(uri.getPath() != null && !uri.getPath().isEmpty(), "a path");
    refuse(uri.getRawQuery() != null, "a query ('?…')");
    refuse(uri.getRawFragment() != null, "a fragment ('#…')");
    int colon = authority.lastIndexOf(':');
    boolean bare = colon < 0 || authority.endsWith("]");
    String host = bare ? authority : authority.substring(0, colon);
    InetAddress ip = literal(host);
    if (ip == null) {
      throw new MalformedEndpointException(
          "'" + host + "' is a host name, and a tcp address needs a literal IP", null);
    }
    if (bare) {
      throw new MalformedEndpointException("it has no port", null);
    }
    int port = port(authority.substring(colon + 1));
    return new Tcp(new InetSocketAddress(ip, port));
  }

  private static int port(String text) throws MalformedEndpointException {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new MalformedEndpointException(
        "its port '" + text + "' is not one from 1 to 65535", null);
  }

  private static @Nullable InetAddress literal(String host) {
    boolean full = host.indexOf(':') >= 0 || host.matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
    if (!full) {
      // The JDK would read 127.1 as an address; other SPIFFE libraries do not.
      return null;
    }
    try {
      boolean brackets = host.startsWith("[") && host.endsWith("]");
      return InetAddress.ofLiteral(brackets ? host.substring(1, host.length() - 1) : host);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static void refuse(boolean present, String what) throws MalformedEndpointException {
    if (present) {
      throw new MalformedEndpointException("it has " + what + ", which is not allowed here", null);
    }
  }

  private static String stripEmbeddedScheme(String text) {
    int at = text.indexOf("unix:/");
    String path = at < 0 ? text : text.substring(at + "unix:".length());
    return "/" + path.replaceFirst("^/+", "");
  }
}
