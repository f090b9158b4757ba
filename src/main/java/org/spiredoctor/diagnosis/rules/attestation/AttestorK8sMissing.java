package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.regex.Pattern;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.identity.Entry;

/** Entries have k8s selectors, but the agents do not load the attestor that makes them. */
@AutoService(Rule.class)
public final class AttestorK8sMissing implements Rule {
  /** Not k8s_psat, nor k8sbundle. */
  private static final Pattern LOADED =
      Pattern.compile("WorkloadAttestor[\"\\s:=\\[{]+k8s\\b|\"k8s\"\\s*:");

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
    List<Entry> entries = cluster.evidence().entries().seen().orElse(List.of());
    long concerned =
        entries.stream()
            .filter(e -> e.selectors().stream().anyMatch(s -> s.type().equals("k8s")))
            .count();
    if (concerned == 0) {
      return List.of(new Outcome.NotApplicable("no entry with k8s selectors was seen"));
    }
    List<Outcome> found =
        cluster.evidence().agents().stream()
            .filter(agents -> withoutComments(agents).contains("plugins"))
            .filter(agents -> !LOADED.matcher(withoutComments(agents)).find())
            .map(agents -> finding(cluster, agents, concerned))
            .toList();
    return found.isEmpty() ? List.of(new Outcome.Passed()) : found;
  }

  private static String withoutComments(Component agents) {
    return agents.config().text().replaceAll("(?m)^\\s*(#|//).*$", "");
  }

  private Outcome finding(ClusterCase cluster, Component agents, long concerned) {
    Finding.Builder finding =
        Finding.error(this, Subject.of(agents))
            .seen("configuration of the agents", "no WorkloadAttestor \"k8s\"")
            .seen("entries", concerned + " with k8s selectors");
    // In JSON a comma and its place would have to be right as well.
    if (!agents.config().text().stripLeading().startsWith("{")) {
      ConfigEdit.of(cluster.evidence(), agents)
          .ifPresent(
              edit ->
                  finding.remedy(
                      new Remedy.Command(
                          "Let the agents load it",
                          edit.sed(
                              "s/^\\([[:space:]]*plugins *{\\)/\\1 WorkloadAttestor \"k8s\" {"
                                  + " plugin_data { skip_kubelet_verification = true } }/"))));
    }
    return finding
        .remedy(new Remedy.Patch("Write it among the plugins of the agents' configuration", BLOCK))
        .found(
            "The agents do not load the workload attestor k8s, so that no entry with k8s selectors"
                + " matches any pod");
  }
}
