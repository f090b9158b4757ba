package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch;
import org.spiredoctor.identity.SpiffeIds;

/** An entry matches, and its parent is of another trust domain. */
@AutoService(Rule.class)
public final class EntryTrustDomainForeign implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return EntryRuleSupport.examine(
        this, cluster, EntryMatch.Kind.FOREIGN, EntryTrustDomainForeign::finish);
  }

  private static Outcome finish(PodEntryMatch one, Finding.Builder finding) {
    Entry entry = one.entryMatch().entry();
    String agent =
        one.home().agentsFor(one.pod().node()).stream().map(Agent::id).findFirst().orElse("");
    return finding
        .seen(entry.inWords(), "parent " + entry.parentId())
        .seen("agent", agent)
        // An update would be refused: a server takes ids of its own trust domain only.
        .remedy(
            EntryRuleSupport.below(one, finding)
                .createLike(
                    "Create the entry at the server of the agents of this node",
                    entry,
                    SpiffeIds.of(SpiffeIds.trustDomain(agent), SpiffeIds.path(entry.spiffeId())),
                    EntryRuleSupport.parent(one),
                    entry.selectors()))
        .remedy(
            new Remedy.Advice(
                "Or let the pod mount the socket of the agents whose server has the entry"))
        .found(
            "The entry for "
                + entry.spiffeId()
                + " matches the pod, but belongs to another trust domain than the agent");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ENTRY_NOT_SERVED);
  }
}
