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

/** An entry matches, and its expiry is in the past. */
@AutoService(Rule.class)
public final class EntryExpired implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return EntryRuleSupport.examine(this, cluster, EntryMatch.Kind.EXPIRED, EntryExpired::finish);
  }

  private static Outcome finish(PodEntryMatch one, Finding.Builder finding) {
    Entry entry = one.entryMatch().entry();
    return finding
        .seen(
            entry.inWords(),
            "expired " + entry.expiresAt().map(String::valueOf).orElse("at an unknown time"))
        .remedy(
            one.home()
                .commands()
                .update(
                    "Extend the entry, which expired at "
                        + entry.expiresAt().map(String::valueOf).orElse("an unknown time")
                        + ", so that it has no expiry",
                    entry,
                    entry.parentId(),
                    entry.selectors(),
                    false))
        // Until then it is served, for five minutes at most.
        .found(
            "The entry for "
                + entry.spiffeId()
                + " matches the pod, and has expired: the server is about to delete it");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ENTRY_NOT_SERVED);
  }
}
