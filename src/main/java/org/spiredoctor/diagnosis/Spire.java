package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.ServerRoute;
import org.spiredoctor.evidence.cluster.ServerRoute.By;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** The commands of {@code spire-server} that mend entries, ready to paste. */
public final class Spire {
  private static final String USUAL_SOCKET = "/tmp/spire-server/private/api.sock";

  private final String prefix;
  private final List<String> suffix;

  /** Of the server that was found, or of the usual one. */
  public Spire(ClusterEvidence evidence) {
    Optional<ServerRoute> here =
        evidence.servers().stream().allMatch(server -> server.pods().isEmpty())
            ? evidence.answers().map(ServerAnswers::route).filter(r -> r.by() != By.EXEC).findAny()
            : Optional.empty();
    this.suffix =
        here.filter(route -> route.by() == By.SOCKET && !route.address().equals(USUAL_SOCKET))
            .map(route -> List.of("-socketPath", route.address()))
            .orElse(List.of());
    this.prefix = here.isPresent() ? "spire-server" : inPod(evidence);
  }

  private static String inPod(ClusterEvidence evidence) {
    return evidence.servers().stream()
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
    return command(List.of(words));
  }

  private String command(List<String> words) {
    return prefix
        + " "
        + Stream.concat(words.stream(), suffix.stream())
            .map(Shell::quote)
            .collect(Collectors.joining(" "));
  }

  private Remedy change(String summary, List<String> words) {
    return new Remedy.EntryChange(summary, List.copyOf(words), command(words));
  }

  /** Makes an entry. */
  public Remedy create(String summary, String spiffeId, String parentId, Set<Selector> selectors) {
    List<String> words = words("entry", "create", "-spiffeID", spiffeId, "-parentID", parentId);
    add(words, selectors);
    return change(summary, words);
  }

  /** Makes a node alias. */
  public Remedy createAlias(String summary, String spiffeId, Set<Selector> selectors) {
    List<String> words = words("entry", "create", "-node", "-spiffeID", spiffeId);
    add(words, selectors);
    return change(summary, words);
  }

  /**
   * Gives an entry another parent, other selectors, another end. An update replaces the whole
   * entry, so that all else is carried along.
   *
   * @param expires whether its end is kept
   */
  public Remedy update(
      String summary, Entry entry, String parentId, Set<Selector> selectors, boolean expires) {
    List<String> words =
        words(
            "entry",
            "update",
            "-entryID",
            entry.id(),
            "-spiffeID",
            entry.spiffeId(),
            "-parentID",
            parentId);
    add(words, selectors);
    Entry.Settings settings = entry.settings();
    entry.federatesWith().forEach(domain -> add(words, "-federatesWith", domain));
    settings.dnsNames().forEach(name -> add(words, "-dns", name));
    add(words, "-x509SVIDTTL", settings.x509SvidTtl());
    add(words, "-jwtSVIDTTL", settings.jwtSvidTtl());
    if (!entry.hint().isEmpty()) {
      add(words, "-hint", entry.hint());
    }
    if (settings.admin()) {
      words.add("-admin");
    }
    if (entry.downstream()) {
      words.add("-downstream");
    }
    if (expires && entry.expiresAt().isPresent()) {
      add(words, "-entryExpiry", String.valueOf(entry.expiresAt().get().getEpochSecond()));
    }
    return change(summary, words);
  }

  private static List<String> words(String... first) {
    return new ArrayList<>(List.of(first));
  }

  private static void add(List<String> words, String flag, String value) {
    words.add(flag);
    words.add(value);
  }

  private static void add(List<String> words, String flag, int value) {
    if (value != 0) {
      add(words, flag, String.valueOf(value));
    }
  }

  private static void add(List<String> words, Set<Selector> selectors) {
    new TreeSet<>(selectors).forEach(s -> add(words, "-selector", s.toString()));
  }
}
