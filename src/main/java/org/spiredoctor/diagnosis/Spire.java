package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.evidence.cluster.EntryFlags;
import org.spiredoctor.evidence.cluster.Installation;
import org.spiredoctor.evidence.cluster.ServerProgram;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;

/**
 * The commands that mend entries, ready to paste: of {@code spire-server}, or of {@code kubectl}
 * where a spire-controller-manager would undo those.
 */
public final class Spire {
  private final ServerProgram program;
  private final Optional<Declarations> declarations;
  private final Optional<Declarations> owner;

  /** Of the server that was found, or of the usual one. */
  public Spire(ClusterEvidence evidence, Installation installation) {
    this.program = installation.program().orElse(ServerProgram.USUAL);
    List<ControllerManager> controllers = ControllerManager.of(evidence, installation.servers());
    this.declarations = controllers.stream().findFirst().map(c -> new Declarations(evidence, c));
    this.owner =
        controllers.stream()
            .filter(ControllerManager::ownsAllEntries)
            .findFirst()
            .map(c -> new Declarations(evidence, c));
  }

  /** How entries are declared, where a controller-manager deletes all others. */
  public Optional<Declarations> owner() {
    return owner;
  }

  /** Of one server's pod. */
  public Spire(ServerProgram program) {
    this.program = program;
    this.declarations = Optional.empty();
    this.owner = Optional.empty();
  }

  /** A command of the server's program. */
  public String command(String... words) {
    return command(List.of(words));
  }

  /** The same, for one that reads its standard input. */
  public String reading(String... words) {
    return command(words).replaceFirst("^kubectl exec ", "kubectl exec -i ");
  }

  /** The same. */
  public String command(List<String> words) {
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

  /** Makes an entry; where it would be deleted again, what declares it. */
  public Remedy create(String summary, String spiffeId, String parentId, Set<Selector> selectors) {
    if (owner.isPresent()) {
      return owner.get().entry(summary, spiffeId, parentId, selectors);
    }
    return change(summary, EntryFlags.create(Entry.of(spiffeId, parentId, selectors)));
  }

  /** The command that makes an entry, with all its fields; or what declares it. */
  public String creating(Entry entry) {
    return owner
        .map(declaring -> declaring.entry(entry).command())
        .orElseGet(() -> command(EntryFlags.create(entry)));
  }

  /** Makes a node alias. */
  public Remedy createAlias(String summary, String spiffeId, Set<Selector> selectors) {
    String server = SpiffeIds.of(SpiffeIds.trustDomain(spiffeId), "/spire/server");
    return create(summary, spiffeId, server, selectors);
  }

  /**
   * Gives an entry another parent, other selectors, another end. An update replaces the whole
   * entry, so that all else is carried along. Where a controller-manager would undo it, what
   * declares the entry is changed instead.
   *
   * @param expires whether its end is kept
   */
  public Remedy update(
      String summary, Entry entry, String parentId, Set<Selector> selectors, boolean expires) {
    Optional<Declarations> its = declarations.filter(d -> d.owns(entry));
    if (its.isPresent()) {
      return its.get().change(summary, entry, parentId, selectors);
    }
    Entry moved = entry.moved(parentId, selectors);
    return change(summary, EntryFlags.update(expires ? moved : moved.withoutEnd()));
  }

  /** Lets the workloads of an entry trust another domain too. */
  public Remedy federate(String summary, Entry entry, List<String> domains) {
    List<String> all =
        Stream.concat(entry.federatesWith().stream(), domains.stream()).distinct().toList();
    return update(summary, entry.federatingWith(all), entry.parentId(), entry.selectors(), true);
  }
}
