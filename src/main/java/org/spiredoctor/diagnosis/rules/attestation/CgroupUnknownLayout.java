package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.AgentLogs.Concerning;
import org.spiredoctor.diagnosis.AgentMessages;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.Log;

/** The agent takes a container for a process of the node: it does not know its cgroup. */
@AutoService(Rule.class)
public final class CgroupUnknownLayout implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentLogs.examine(
        this,
        cluster,
        AgentLogs.gravity(cluster),
        Concerning.ALL,
        line -> seesNoContainer(line) && !failed(cluster),
        (complaint, finding) ->
            finding
                // A process of the node itself is seen the same.
                .confidence(Confidence.POSSIBLE)
                .seen("selectors", "of the unix attestor only")
                .remedy(
                    new Remedy.Command(
                        "See which container runtimes the nodes have",
                        Kubectl.line("get nodes -o wide")))
                .remedy(
                    new Remedy.Patch(
                        "Where the agent's release has this setting (1.13 has, 1.9 has not), let the newer"
                            + " way of finding containers try, which looks at mounts too",
                        """
                        WorkloadAttestor "k8s" {
                          plugin_data {
                            use_new_container_locator = true
                          }
                        }
                        """))
                .found(
                    "The agent finds no container in the cgroup of a caller, and takes it for a"
                        + " process of the node"));
  }

  /** As agents up to 1.13 or so say it; with {@code log_selectors} only some are seen. */
  static boolean seesNoContainer(Log.Line line) {
    List<String> selectors = line.selectors();
    return line.tells(AgentMessages.DENIED)
        && line.hasAllSelectors()
        && selectors.stream().anyMatch(selector -> selector.startsWith("unix:"))
        && selectors.stream().noneMatch(selector -> selector.startsWith("k8s:"));
  }

  /** Then there are no k8s selectors for another reason. */
  static boolean failed(ClusterCase cluster) {
    return cluster.evidence().agents().stream()
        .anyMatch(
            agents ->
                agents.pods().stream()
                    .anyMatch(
                        pod ->
                            cluster
                                .evidence()
                                .log(pod, agents.container())
                                .last("workload attestor \\\"k8s\\\" failed", "pod list")
                                .isPresent()));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.POD_NOT_ATTESTED);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.CGROUP_NOT_READ);
  }
}
