package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.spiredoctor.evidence.cluster.Installation;
import org.spiredoctor.evidence.cluster.ServerProgram;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;

/** The commands of {@code spire-server} that mend entries, ready to paste. */
public final class Spire {
  private final ServerProgram program;

  /** Of the server that was found, or of the usual one. */
  public Spire(Installation installation) {
    this(installation.program().orElse(ServerProgram.USUAL));
  }

  /** Of one server's pod. */
  public Spire(ServerProgram program) {
    this.program = program;
  }

  /** A command of the server's program. */
  public String command(String... words) {
    return command(List.of(words));
  }

  private String command(List<String> words) {
    return program
        .pod()
        .map(
            pod -> {
              List<String> all =
                  new ArrayList<>(List.of("exec", "-n", pod.namespace(), pod.name()));
              all.addAll(List.of("-c", pod.container(), "--"));
              all.addAll(program.command(words));
              return Kubectl.command(all.toArray(String[]::new));
            })
        .orElseGet(
            () ->
                program.command(words).stream().map(Shell::quote).collect(Collectors.joining(" ")));
  }

  private Remedy change(String summary, List<String> words) {
    return new Remedy.EntryChange(summary, program, List.copyOf(words), command(words));
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
