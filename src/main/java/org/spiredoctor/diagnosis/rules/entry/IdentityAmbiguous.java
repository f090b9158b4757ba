package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.spire.X509SvidFacts;

/** Several identities are served, and a client takes the first. */
@AutoService(Rule.class)
public final class IdentityAmbiguous implements Rule {
  private static final int SHOWN = 10;
  private static final Remedy CHOOSE =
      new Remedy.Advice(
          "Make the entries' selectors exclusive, or give each entry a hint and let the client"
              + " choose by it");

  @Override
  public Outcome examine(Evidence evidence) {
    List<String> ids = evidence.svids().stream().map(X509SvidFacts::id).distinct().toList();
    if (ids.isEmpty()) {
      return new Outcome.NotApplicable("no identity is served");
    }
    boolean firstIsRight =
        evidence.query().spiffeId().filter(id -> id.toString().equals(ids.getFirst())).isPresent();
    boolean hinted =
        evidence.svids().stream()
                .map(X509SvidFacts::hint)
                .filter(IdentityAmbiguous::chooses)
                .distinct()
                .count()
            == evidence.svids().size();
    if (ids.size() == 1 || firstIsRight || hinted) {
      return new Outcome.Passed();
    }
    Finding.Builder finding = Finding.warning(this, evidence);
    evidence
        .svids()
        .forEach(
            svid ->
                finding.seen(
                    "agent", svid.id() + (svid.hint().isEmpty() ? "" : " " + svid.hint())));
    return finding
        .remedy(CHOOSE)
        .found(
            ids.size()
                + " identities fit this process; a client that does not choose takes the first, "
                + ids.getFirst());
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return ServedPods.examine(cluster, one -> ambiguous(one.entryMatch().entries()), this::finding);
  }

  private static boolean ambiguous(List<Entry> matching) {
    Set<String> had = new HashSet<>();
    // Of one hint only one is served.
    List<Entry> served =
        matching.stream().filter(e -> e.hint().isEmpty() || had.add(e.hint())).toList();
    long ids = served.stream().map(Entry::spiffeId).distinct().count();
    long hints =
        served.stream().map(Entry::hint).filter(IdentityAmbiguous::chooses).distinct().count();
    return ids > 1 && hints < served.size();
  }

  /** Whether somebody gave a hint to choose by. */
  private static boolean chooses(String hint) {
    return !hint.isEmpty() && !EntryOwner.isMark(hint);
  }

  private Outcome finding(PodEntryMatch one, PodGroup group) {
    Finding.Builder finding = group.warning(this);
    List<Entry> entries = one.entryMatch().entries();
    entries.stream()
        .limit(SHOWN)
        .forEach(
            entry ->
                finding.seen(
                    entry.inWords(), entry.hint().isEmpty() ? "no hint" : "hint " + entry.hint()));
    return finding
        // Where it is not known which agent serves the pod, it may be served fewer.
        .confidence(
            one.home().agentsFor(one.pod().node()).size() == 1
                ? Confidence.CERTAIN
                : Confidence.POSSIBLE)
        .remedy(CHOOSE)
        .found(
            entries.stream().map(Entry::spiffeId).distinct().count()
                + " identities fit container "
                + one.container().name()
                + "; a client that does not choose takes the first, "
                // Agents sort them so (SPIRE, pkg/agent/manager/cache).
                + entries.stream()
                    .min(Comparator.comparing(Entry::id))
                    .map(Entry::spiffeId)
                    .orElse(""));
  }
}
