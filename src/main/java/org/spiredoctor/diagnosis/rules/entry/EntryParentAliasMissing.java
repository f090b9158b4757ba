package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch;

/** An entry matches, and its parent is an alias that no agent, or not this one, has. */
@AutoService(Rule.class)
public final class EntryParentAliasMissing implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return EntryRuleSupport.examine(
        this, cluster, EntryMatch.Kind.PARENT_ALIAS_MISSING, EntryParentAliasMissing::finish);
  }

  private static Outcome finish(PodEntryMatch one, Finding.Builder finding) {
    Entry entry = one.entryMatch().entry();
    String parent = entry.parentId();
    finding.seen(entry.inWords(), "parent " + parent);
    List<Entry> granting = Aliases.granting(one.home(), parent);
    List<Entry> aliases = granting.stream().filter(Entry::forNodes).toList();
    Optional<Agent> agent = one.home().agentsFor(one.pod().node()).stream().findFirst();
    if (granting.isEmpty()) {
      finding.seen("entries", "none grants " + parent);
    }
    aliases.forEach(alias -> Aliases.quote(alias, agent, finding));
    granting.stream()
        .filter(e -> !e.forNodes())
        .forEach(e -> finding.seen(e.inWords(), "its own parent is " + e.parentId()));
    Aliases.meant(one)
        .ifPresent(
            meant ->
                finding.remedy(
                    one.home()
                        .commands()
                        .update(
                            "Give the entry the node alias that was probably meant",
                            entry,
                            meant,
                            entry.selectors(),
                            true)));
    if (!aliases.isEmpty() && aliases.stream().allMatch(Aliases::isNarrow)) {
      // What is below an alias of some nodes would go to all with it.
      finding.remedy(
          EntryRuleSupport.below(one, finding)
              .createLike(
                  "Create a second entry for pods on other nodes: what is below "
                      + parent
                      + " is for some nodes only",
                  entry,
                  entry.spiffeId(),
                  EntryRuleSupport.parent(one),
                  entry.selectors()));
    } else {
      finding.remedy(Aliases.remedy(one.home(), parent, granting, agent));
    }
    return finding.found(
        "The entry for "
            + entry.spiffeId()
            + " matches the pod, but its parent "
            + parent
            + (granting.isEmpty()
                ? " does not exist"
                : aliases.isEmpty()
                    ? " is an entry whose own parent leads to no agent"
                    : " is an alias that the agent of this node does not match")
            + ", so no agent is given it");
  }

  /** Of an agent that is not attested the name of its cluster is only what its settings say. */
  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ENTRY_NOT_SERVED);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.NODE_ATTESTATION_REJECTED);
  }
}
