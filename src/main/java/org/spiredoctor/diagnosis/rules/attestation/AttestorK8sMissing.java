package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;

/** Entries have k8s selectors, but the agents do not load the attestor that makes them. */
@AutoService(Rule.class)
public final class AttestorK8sMissing implements Rule {
  /** Not k8s_psat, nor k8sbundle. */
  private static final String BLOCK =
      """
      WorkloadAttestor "k8s" {
        plugin_data {
          skip_kubelet_verification = true
        }
      }
      """;

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    List<Outcome> found = new ArrayList<>();
    for (InstallationCase one : cluster.installations()) {
      long concerned =
          one.entries().stream()
              .filter(e -> e.selectors().stream().anyMatch(s -> s.type().equals("k8s")))
              .count();
      one.installation().agents().stream()
          .filter(agents -> concerned > 0 && agents.config().has("plugins"))
          .filter(agents -> !agents.config().has("plugins", "WorkloadAttestor", "k8s"))
          .map(agents -> finding(cluster, agents, concerned))
          .forEach(found::add);
    }
    return Outcome.orPassed(found);
  }

  private Outcome finding(ClusterCase cluster, Component agents, long concerned) {
    Finding.Builder finding =
        Finding.error(this, Subject.of(agents), cluster.scope(agents))
            .seen("configuration of the agents", "no WorkloadAttestor \"k8s\"")
            .seen("entries", concerned + " with k8s selectors");
    // In JSON a comma and its place would have to be right as well.
    if (!agents.config().text().stripLeading().startsWith("{")) {
      ConfigEdit.of(cluster.evidence(), agents)
          .flatMap(
              edit ->
                  edit.change(
                      "^([[:space:]]*\"?plugins\"?[[:space:]]*\\{)",
                      "\\1 WorkloadAttestor \"k8s\" {"
                          + " plugin_data { skip_kubelet_verification = true } }"))
          .ifPresent(
              command -> finding.remedy(new Remedy.Command("Let the agents load it", command)));
    }
    return finding
        .remedy(new Remedy.Patch("Write it among the plugins of the agents' configuration", BLOCK))
        .found(
            "The agents do not load the workload attestor k8s, so that no entry with k8s selectors"
                + " matches any pod");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.POD_NOT_ATTESTED);
  }
}
