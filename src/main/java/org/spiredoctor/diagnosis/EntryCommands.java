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
import org.spiredoctor.evidence.cluster.ServerProgram;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryImpact;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;

/**
 * The commands that repair entries, ready to paste: of {@code spire-server}, or of {@code kubectl}
 * where a spire-controller-manager would undo those. What {@link FixPolicy} refuses is advice.
 */
public final class EntryCommands {
  private final ServerProgram program;
  private final Optional<EntryChanges> changes;
  private final Optional<Declarations> declarations;
  private final Optional<Declarations> owner;

  /** Of the server that was found, or of the usual one. */
  EntryCommands(ClusterEvidence evidence, InstallationCase home) {
    this.program = home.installation().program().orElse(ServerProgram.USUAL);
    this.changes = Optional.of(new EntryChanges(evidence, home, Optional.empty()));
    List<ControllerManager> controllers =
        ControllerManager.of(evidence, home.installation().servers());
    this.declarations = controllers.stream().findFirst().map(c -> new Declarations(evidence, c));
    this.owner =
        controllers.stream()
            .filter(ControllerManager::ownsAllEntries)
            .findFirst()
            .map(c -> new Declarations(evidence, c));
  }

  /** Of one server's pod, whose entries are not known. */
  public EntryCommands(ServerProgram program) {
    this.program = program;
    this.changes = Optional.empty();
    this.declarations = Optional.empty();
    this.owner = Optional.empty();
  }

  private EntryCommands(EntryCommands other, Optional<EntryChanges> changes) {
    this.program = other.program;
    this.changes = changes;
    this.declarations = other.declarations;
    this.owner = other.owner;
  }

  /** The same, for changes that are made after a node alias has been created. */
  public EntryCommands after(Entry alias) {
    return new EntryCommands(this, changes.map(all -> all.after(alias)));
  }

  /** How entries are declared, where a controller-manager deletes all others. */
  public Optional<Declarations> owner() {
    return owner;
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
              return Kubectl.command(all);
            })
        .orElseGet(
            () ->
                program.command(words).stream().map(Shell::quote).collect(Collectors.joining(" ")));
  }

  /** What a change of an entry does; absent where the pods or the entries were not seen. */
  public Optional<EntryImpact> impact(Optional<Entry> before, Entry after) {
    return changes.flatMap(all -> all.impact(before, after));
  }

  private Remedy change(
      String summary, Optional<Entry> before, Entry after, boolean ownAlias, List<String> words) {
    return new Remedy.EntryChange(
        summary,
        program,
        before,
        after,
        changes.map(all -> all.there(after.spiffeId())).orElse(List.of()),
        impact(before, after),
        ownAlias,
        changes.filter(all -> all.asked(before, after)).isPresent(),
        changes.filter(all -> all.named(before, after)).isPresent(),
        List.copyOf(words),
        command(words));
  }

  private Optional<Remedy> refused(String summary, Optional<Entry> model, Entry after) {
    return changes
        .flatMap(all -> all.refusal(model, after))
        .map(
            why ->
                new Remedy.Advice(
                    summary
                        + ": no command is offered, since "
                        + model
                            .filter(e -> !e.id().isEmpty())
                            .map(Entry::inWords)
                            .orElse("of the entry")
                        + ": "
                        + why));
  }

  /** Creates an entry; where it would be deleted again, what declares it. */
  public Remedy create(String summary, String spiffeId, String parentId, Set<Selector> selectors) {
    return create(summary, Optional.empty(), Entry.of(spiffeId, parentId, selectors));
  }

  /**
   * Creates an entry after another one, for pods or agents that the other is not served to.
   *
   * @param model whose selectors must not be dropped
   */
  public Remedy createLike(
      String summary, Entry model, String spiffeId, String parentId, Set<Selector> selectors) {
    return create(summary, Optional.of(model), Entry.of(spiffeId, parentId, selectors));
  }

  private Remedy create(String summary, Optional<Entry> model, Entry entry) {
    return refused(summary, model, entry)
        .orElseGet(
            () ->
                owner
                    .<Remedy>map(its -> its.entry(summary, entry, impact(Optional.empty(), entry)))
                    .orElseGet(
                        () ->
                            change(
                                summary,
                                Optional.empty(),
                                entry,
                                false,
                                EntryFlags.create(entry))));
  }

  /** The command that creates an entry, with all its fields; or what declares it. */
  public String creating(Entry entry) {
    return owner
        .map(declaring -> declaring.entry("Declare the entry", entry, Optional.empty()).command())
        .orElseGet(() -> command(EntryFlags.create(entry)));
  }

  /**
   * Creates a node alias.
   *
   * @param own whether none grants its SPIFFE ID, and it is for this cluster's own attested agents
   */
  public Remedy createAlias(String summary, String spiffeId, Set<Selector> selectors, boolean own) {
    String server = SpiffeIds.of(SpiffeIds.trustDomain(spiffeId), "/spire/server");
    Entry alias = Entry.of(spiffeId, server, selectors);
    Remedy created = create(summary, Optional.empty(), alias);
    return created instanceof Remedy.EntryChange
        ? change(summary, Optional.empty(), alias, own, EntryFlags.create(alias))
        : created;
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
    Entry moved = entry.moved(parentId, selectors);
    return update(summary, entry, expires ? moved : moved.withoutEnd());
  }

  /** Makes an entry what it should be, in every field. */
  public Remedy update(String summary, Entry before, Entry after) {
    Optional<Remedy> refused = refused(summary, Optional.of(before), after);
    if (refused.isPresent()) {
      return refused.get();
    }
    return declarations
        .filter(d -> d.owns(before))
        .map(its -> its.change(summary, before, after, impact(Optional.of(before), after)))
        .orElseGet(
            () -> change(summary, Optional.of(before), after, false, EntryFlags.update(after)));
  }

  /** Lets the workloads of an entry trust another domain too. */
  public Remedy federate(String summary, Entry entry, List<String> domains) {
    List<String> all =
        Stream.concat(entry.federatesWith().stream(), domains.stream()).distinct().toList();
    return update(summary, entry, entry.federatingWith(all));
  }
}
