package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Map;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;

/** Server and agents are of a release that is known to deny new pods (spiffe/spire#7198). */
@AutoService(Rule.class)
public final class SpireVersionKnownBad implements Rule {
  private static final Release BAD = new Release(1, 15, 2);
  private static final Release MENDED = new Release(1, 15, 3);

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return cluster.installations().stream().map(one -> examine(cluster, one)).toList();
  }

  private Outcome examine(ClusterCase cluster, InstallationCase one) {
    Map<Release, Component> servers = Releases.servers(one);
    Map<Release, Component> agents = Releases.agents(one);
    Component server = servers.get(BAD);
    // It was reported with this release on both sides; what is not known is not taken for another.
    if (server == null || (!agents.isEmpty() && !agents.containsKey(BAD))) {
      return servers.isEmpty()
          ? new Outcome.NotApplicable("no image's tag tells the version")
          : new Outcome.Passed();
    }
    Finding.Builder finding =
        Finding.warning(this, Subject.of(server), cluster.scope(one))
            .confidence(Confidence.POSSIBLE)
            .seen("server", "SPIRE " + BAD);
    Releases.change(server, MENDED, "Bring the server to a later release").forEach(finding::remedy);
    Component its = agents.get(BAD);
    if (its != null) {
      finding.seen("agents", "SPIRE " + BAD);
      Releases.change(its, MENDED, "Then the agents").forEach(finding::remedy);
    }
    return finding.found(
        "SPIRE " + BAD + " is reported to deny new pods for long, though their entries are there");
  }
}
