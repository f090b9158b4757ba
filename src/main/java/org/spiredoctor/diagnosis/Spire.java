package org.spiredoctor.diagnosis;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** The commands of {@code spire-server} that mend entries, ready to paste. */
public final class Spire {
  private final String prefix;

  /** Of the server that was found, or of the usual one. */
  public Spire(ClusterEvidence evidence) {
    this.prefix =
        evidence.servers().stream()
            .filter(server -> !server.pods().isEmpty())
            .findFirst()
            .map(Spire::exec)
            .orElse("kubectl exec -n spire-system spire-server-0 -- /opt/spire/bin/spire-server");
  }

  private static String exec(Component server) {
    Pod pod = server.pods().getFirst();
    Container container = server.role().container(pod).orElseThrow();
    String program =
        container.command().stream()
            .filter(word -> word.startsWith("/") && word.endsWith("/spire-server"))
            .findFirst()
            .orElse("/opt/spire/bin/spire-server");
    return "kubectl exec -n "
        + Shell.quote(pod.meta().namespace())
        + " "
        + Shell.quote(pod.meta().name())
        + " -c "
        + Shell.quote(container.name())
        + " -- "
        + Shell.quote(program);
  }

  /** A command of the server's program. */
  public String command(String... words) {
    return prefix
        + " "
        + List.of(words).stream().map(Shell::quote).collect(Collectors.joining(" "));
  }

  /** Makes an entry. */
  public String create(String spiffeId, String parentId, Set<Selector> selectors) {
    return command("entry", "create", "-spiffeID", spiffeId, "-parentID", parentId)
        + selectors(selectors);
  }

  /** Makes a node alias. */
  public String createAlias(String spiffeId, Set<Selector> selectors) {
    return command("entry", "create", "-node", "-spiffeID", spiffeId) + selectors(selectors);
  }

  /**
   * Gives an entry another parent, other selectors, another end. An update replaces the whole
   * entry, so that all else is carried along.
   *
   * @param expires whether its end is kept
   */
  public String update(Entry entry, String parentId, Set<Selector> selectors, boolean expires) {
    StringBuilder command =
        new StringBuilder(
            command(
                "entry",
                "update",
                "-entryID",
                entry.id(),
                "-spiffeID",
                entry.spiffeId(),
                "-parentID",
                parentId));
    command.append(selectors(selectors));
    Entry.Settings settings = entry.settings();
    entry.federatesWith().forEach(domain -> flag(command, "-federatesWith", domain));
    settings.dnsNames().forEach(name -> flag(command, "-dns", name));
    number(command, "-x509SVIDTTL", settings.x509SvidTtl());
    number(command, "-jwtSVIDTTL", settings.jwtSvidTtl());
    if (!entry.hint().isEmpty()) {
      flag(command, "-hint", entry.hint());
    }
    if (settings.admin()) {
      command.append(" -admin");
    }
    if (entry.downstream()) {
      command.append(" -downstream");
    }
    Optional.of(entry)
        .filter(_ -> expires)
        .flatMap(Entry::expiresAt)
        .ifPresent(at -> flag(command, "-entryExpiry", String.valueOf(at.getEpochSecond())));
    return command.toString();
  }

  private static void flag(StringBuilder command, String name, String value) {
    command.append(' ').append(name).append(' ').append(Shell.quote(value));
  }

  private static void number(StringBuilder command, String name, int value) {
    if (value != 0) {
      flag(command, name, String.valueOf(value));
    }
  }

  private static String selectors(Set<Selector> selectors) {
    StringBuilder words = new StringBuilder();
    new TreeSet<>(selectors).forEach(s -> flag(words, "-selector", s.toString()));
    return words.toString();
  }
}
