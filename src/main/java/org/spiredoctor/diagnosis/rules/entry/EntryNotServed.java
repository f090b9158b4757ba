package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch;

/** An entry matches, and its SVIDs go to a store instead of the Workload API. */
@AutoService(Rule.class)
public final class EntryNotServed implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return EntryRuleSupport.examine(this, cluster, EntryMatch.Kind.STORED, EntryNotServed::finish);
  }

  private static Outcome finish(PodEntryMatch one, Finding.Builder finding) {
    Entry entry = one.entryMatch().entry();
    return finding
        .seen(entry.inWords(), "store_svid is set")
        .remedy(
            one.home()
                .commands()
                .update(
                    "Let the Workload API serve it: an update without -storeSVID",
                    entry,
                    entry.unstored()))
        .found(
            "The entry for "
                + entry.spiffeId()
                + " matches the pod, but its SVIDs go to a store and are never served");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ENTRY_NOT_SERVED);
  }
}
