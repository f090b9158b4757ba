package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.EntryCommands;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch;

/** An entry matches, and its parent is not the agent of the pod's node. */
@AutoService(Rule.class)
public final class EntryParentUnknown implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return EntryRuleSupport.examine(
        this, cluster, EntryMatch.Kind.PARENT_UNKNOWN, EntryParentUnknown::finish);
  }

  private static Outcome finish(PodEntryMatch one, Finding.Builder finding) {
    Entry entry = one.entryMatch().entry();
    String agent =
        one.home().agentsFor(one.pod().node()).stream()
            .map(Agent::id)
            .findFirst()
            .orElse("none known");
    String parent = EntryRuleSupport.parent(one);
    EntryCommands commands = EntryRuleSupport.below(one, finding);
    Remedy moved =
        commands.update(
            "Give the entry a parent that leads to the agent of this node",
            entry,
            parent,
            entry.selectors(),
            true);
    return finding
        .seen(entry.inWords(), "parent " + entry.parentId())
        .seen("node " + one.pod().node(), "agent " + agent)
        .remedy(
            EntryRuleSupport.takes(moved)
                ? commands.createLike(
                    "Create a second entry under a parent that leads to the agent of this"
                        + " node: this one serves pods elsewhere, and stays theirs",
                    entry,
                    entry.spiffeId(),
                    parent,
                    entry.selectors())
                : moved)
        .found(
            "The entry for "
                + entry.spiffeId()
                + " matches the pod, but its parent is "
                + (entry.forNodes()
                    ? "the server: it stands for nodes"
                    : whose(one, entry.parentId())));
  }

  private static String whose(PodEntryMatch one, String parent) {
    Optional<Agent> listed =
        one.home().installation().attested().seen().orElse(List.of()).stream()
            .filter(agent -> agent.id().equals(parent))
            .findFirst();
    return listed.isEmpty()
        ? "an agent that no longer exists"
        : one.home().isElsewhere(listed.get())
            ? "an agent of a node that is not, or no longer, in this cluster"
            : one.home().isReplaced(listed.get())
                ? "an agent that is listed, but is not the one that runs on its node now"
                : "the agent of another node";
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ENTRY_NOT_SERVED);
  }
}
