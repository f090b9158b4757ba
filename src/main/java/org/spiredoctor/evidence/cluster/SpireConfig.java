package org.spiredoctor.evidence.cluster;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of a server or agent, out of its config map. They are written in HCL, or by the Helm
 * chart in JSON; only single values are needed, and these look alike in both.
 *
 * @param text all of it; untrusted
 */
public record SpireConfig(String text) {

  /** Nothing is known. */
  public static final SpireConfig NONE = new SpireConfig("");

  /** The first value of a setting. */
  public Optional<String> value(String setting) {
    Matcher matcher =
        Pattern.compile("(?m)(?:^|[\\s{,\"])" + setting + "\"?\\s*[=:]\\s*\"([^\"]*)\"")
            .matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** A port; it may be written with or without quotes. */
  public Optional<Integer> port(String setting) {
    Matcher matcher =
        Pattern.compile("(?m)(?:^|[\\s{,\"])" + setting + "\"?\\s*[=:]\\s*\"?(\\d{1,5})\\b")
            .matcher(text);
    return matcher.find() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
  }

  /** The trust domain. */
  public Optional<String> trustDomain() {
    return value("trust_domain");
  }

  /** The logical name of the cluster that an agent attests with. */
  public Optional<String> cluster() {
    return value("cluster");
  }

  /** The path of the agent's Workload API socket in its container. */
  public String socketPath() {
    return value("socket_path").orElse("/tmp/spire-agent/public/api.sock");
  }
}
