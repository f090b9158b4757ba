package org.spiredoctor.identity;

/**
 * Parts of SPIFFE ids as text. Ids of entries are taken as the server gives them: one that breaks
 * the standard is to be shown, not refused.
 */
public final class SpiffeIds {
  private static final String SCHEME = "spiffe://";

  private SpiffeIds() {}

  /** {@code example.org} of {@code spiffe://example.org/web}. */
  public static String trustDomain(String id) {
    String rest = id.startsWith(SCHEME) ? id.substring(SCHEME.length()) : id;
    int slash = rest.indexOf('/');
    return slash < 0 ? rest : rest.substring(0, slash);
  }

  /** {@code /web} of {@code spiffe://example.org/web}. */
  public static String path(String id) {
    String rest = id.startsWith(SCHEME) ? id.substring(SCHEME.length()) : id;
    int slash = rest.indexOf('/');
    return slash < 0 ? "" : rest.substring(slash);
  }

  /** The id of a trust domain and a path. */
  public static String of(String trustDomain, String path) {
    return SCHEME + trustDomain + path;
  }

  /** Whether it is the server's own id, the parent of node aliases. */
  public static boolean isServer(String id) {
    // The first is asked of every entry, and is rarely true.
    return id.endsWith("/spire/server") && path(id).equals("/spire/server");
  }

  /** Whether it is an agent's own id. */
  public static boolean isAgent(String id) {
    return path(id).startsWith("/spire/agent/");
  }
}
