package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch;

/** An entry asks for an image by a name that is not the one that the kubelet tells. */
@AutoService(Rule.class)
public final class EntryImageTagAmbiguous implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Rivals.examine(
        this, cluster, EntryMatch.Kind.IMAGE_CHANGED, EntryImageTagAmbiguous::finish);
  }

  private static Outcome finish(
      Optional<String> contested, PodEntryMatch one, Finding.Builder finding) {
    Entry entry = one.entryMatch().entry();
    finding.confidence(Confidence.LIKELY);
    EntryRuleSupport.quote(one, finding);
    EntryRuleSupport.refit(
        "Let the entry ask for the image by the name that the kubelet reports",
        one,
        contested,
        finding);
    return finding
        .remedy(
            new Remedy.Advice(
                "Ask for the digest instead of the tag: of several tags of one image the kubelet may"
                    + " tell any"))
        .found("The entry for " + entry.spiffeId() + " asks for another image than the pod runs");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ENTRY_NOT_SERVED);
  }
}
