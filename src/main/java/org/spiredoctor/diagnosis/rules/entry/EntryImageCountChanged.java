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
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch;

/** An entry counts the containers of a pod, and one was added or taken away. */
@AutoService(Rule.class)
public final class EntryImageCountChanged implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Rivals.examine(
        this, cluster, EntryMatch.Kind.IMAGE_COUNT_CHANGED, EntryImageCountChanged::finish);
  }

  private static Outcome finish(
      Optional<String> contested, PodEntryMatch one, Finding.Builder finding) {
    Entry entry = one.entryMatch().entry();
    EntryRuleSupport.quote(one, finding);
    EntryRuleSupport.refit(
        "Let the entry ask for the number of containers that there are", one, contested, finding);
    return finding
        .remedy(
            new Remedy.Advice(
                "Better, leave the counts out of the entry: whatever injects a container changes"
                    + " them"))
        .found(
            "The entry for "
                + entry.spiffeId()
                + " counts containers, and the pod has another number");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ENTRY_NOT_SERVED);
  }
}
