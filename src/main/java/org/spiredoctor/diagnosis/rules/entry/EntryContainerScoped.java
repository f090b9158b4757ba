package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodStanding;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.Standing;

/** An entry names a container, and another container of the pod asks. */
@AutoService(Rule.class)
public final class EntryContainerScoped implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Unserved.examine(
        this, cluster, Standing.Kind.CONTAINER_SCOPED, EntryContainerScoped::finish);
  }

  private static Outcome finish(PodStanding one, Finding.Builder finding) {
    Entry entry = one.standing().entry();
    Unserved.quote(one, finding);
    Set<Selector> pods =
        entry.selectors().stream()
            .filter(s -> !s.subject().startsWith("k8s:container-"))
            .collect(Collectors.toSet());
    return finding
        .confidence(one.served().isPresent() ? Confidence.LIKELY : Confidence.CERTAIN)
        .remedy(
            one.home()
                .spire()
                .create(
                    "Make a second entry for container " + one.container().name(),
                    entry.spiffeId(),
                    Unserved.parent(one),
                    Stream.concat(
                            pods.stream(),
                            Stream.of(Selector.k8s("container-name:" + one.container().name())))
                        .collect(Collectors.toSet())))
        .remedy(
            one.home()
                .spire()
                .update(
                    "Or let the entry mean every container of the pod",
                    entry,
                    Unserved.parent(one),
                    pods,
                    true))
        .found(
            "The entry for "
                + entry.spiffeId()
                + " is for one container of the pod, and "
                + one.container().role().inWords()
                + " "
                + one.container().name()
                + " is another");
  }
}
