package org.spiredoctor.evidence.cluster;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The settings of a server or agent, out of its config map. */
public final class SpireConfig {
  /** Nothing is known. */
  public static final SpireConfig NONE = new SpireConfig("");

  /** Characters of a config map's text; a longer one is nobody's configuration, and unknown. */
  static final int LONGEST = 256 * 1024;

  /** What {@code -expandEnv} replaces. */
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$[A-Za-z_{]");

  private final String text;
  private final Hcl root;

  /**
   * Reads it.
   *
   * @param text all of it, in HCL or JSON; untrusted
   */
  public SpireConfig(String text) {
    this.text = text;
    this.root = HclReader.read(text);
  }

  /** All of it. */
  public String text() {
    return text;
  }

  /** Whether there is one. */
  public boolean known() {
    return !text.isEmpty();
  }

  /**
   * The value of a setting; none when it stands only in the environment of the program. Of several
   * the last counts, as for SPIRE.
   *
   * @param path the blocks with their labels, and the setting
   */
  public Optional<String> value(String... path) {
    return texts(path).reduce((first, last) -> last).filter(SpireConfig::isWritten);
  }

  /** The values of a setting that is a list. */
  public List<String> values(String... path) {
    return texts(path).filter(SpireConfig::isWritten).toList();
  }

  /** What a block or map has keys for. */
  public List<String> keys(String... path) {
    return at(path).flatMap(Hcl::fields).map(Hcl.Field::key).distinct().toList();
  }

  /** Whether there is such a setting or block, whatever it says. */
  public boolean has(String... path) {
    return at(path).findAny().isPresent();
  }

  private Stream<String> texts(String... path) {
    return at(path).flatMap(Hcl::texts);
  }

  private Stream<Hcl> at(String... path) {
    Stream<Hcl> found = Stream.of(root);
    for (String key : path) {
      found = found.flatMap(one -> one.at(key));
    }
    return found;
  }

  private static boolean isWritten(String value) {
    return !PLACEHOLDER.matcher(value).find();
  }

  /** The trust domain. */
  public Optional<String> trustDomain() {
    return value("server", "trust_domain").or(() -> value("agent", "trust_domain"));
  }

  /** The logical name of the cluster that an agent attests with. */
  public Optional<String> cluster() {
    return value("plugins", "NodeAttestor", "k8s_psat", "plugin_data", "cluster");
  }

  /** The path of the agent's Workload API socket in its container. */
  public Optional<String> agentSocket() {
    return has("agent", "socket_path")
        ? value("agent", "socket_path")
        : Optional.of("/tmp/spire-agent/public/api.sock");
  }

  /** The path of the server's own socket in its container, where it is set. */
  public Optional<String> serverSocket() {
    return value("server", "socket_path");
  }
}
