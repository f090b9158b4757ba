package org.spiredoctor.diagnosis.rules.cluster;

import com.google.auto.service.AutoService;
import java.util.List;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.OddObjects;

/** An object is none that Kubernetes can hold: whatever depends on it is unknown. */
@AutoService(Rule.class)
public final class ObjectUnreadable implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    List<OddObjects> odd = cluster.evidence().oddObjects();
    return Outcome.orPassed(Outcome.unknown(odd.stream().map(ObjectUnreadable::missing)));
  }

  private static String missing(OddObjects odd) {
    return "readable "
        + odd.kind().plural()
        + ": "
        + odd.count()
        + (odd.count() == 1 ? " object was" : " objects were")
        + " ignored because Kubernetes could not hold "
        + (odd.count() == 1 ? "it (" : "them (the first is ")
        + odd.first()
        + ": "
        + odd.why()
        + ")";
  }
}
