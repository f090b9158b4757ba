package org.spiredoctor.diagnosis.rules.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.DELETE;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.agent;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Growing;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class AgentNotAttestedTest {
  /** Restarting another agent does not help the pod that is asked for. */
  @Test
  void theAgentOfThePodThatIsAskedForIsTheOneThatIsToldOf() {
    ClusterScene scene =
        Growing.cluster("nodes with agents", 30)
            .attested()
            .set(Kind.POD, "web", "/spec/nodeName", "many-17");
    Finding found = Expect.first("agent-not-attested", scene.askingFor("apps", "web"));
    assertThat(found.subject().name()).isEqualTo("spire-agent-many-17");
    assertThat(found.remedies().getFirst())
        .isInstanceOfSatisfying(
            Remedy.Command.class,
            restart -> assertThat(restart.command()).endsWith(" spire-agent-many-17"));
  }

  @Test
  void agentNotAttested() {
    Finding found = Expect.first("agent-not-attested", ClusterScene.healthy().attested());
    assertThat(command(found)).isEqualTo(DELETE);
  }

  /** What is offered for one would leave the others as they are. */
  @Test
  void allAgentsThatAreNotAttestedAreRestarted() {
    assertThat(restart(Growing.cluster("nodes with agents", 2).attested()))
        .contains("kubectl delete pod -n spire-system spire-agent-", " spire-agent-");
    assertThat(restart(Growing.cluster("nodes with agents", 30).attested()))
        .isEqualTo("kubectl rollout restart -n spire-system daemonset/spire-agent");
    // The pod that is asked for has an agent, which is left as it is.
    ClusterScene others =
        Growing.cluster("nodes with agents", 2).attested(agent(false, NOW.plusSeconds(3600)));
    assertThat(restart(others.askingFor("apps", "web")))
        .startsWith("kubectl delete pod -n spire-system spire-agent-many-");
  }

  private static String restart(ClusterScene scene) {
    return command(Expect.first("agent-not-attested", scene));
  }

  @Test
  void agentsThatSufferAlikeAreOneFinding() {
    ClusterScene scene = ClusterScene.healthy();
    for (int i = 2; i <= 4; i++) {
      scene
          .object(
              Kind.NODE,
              "{metadata: {name: node-%d, uid: u-%d}, spec: {}, status: {}}".formatted(i, i))
          .object(
              Kind.POD,
              """
              {metadata: {name: agent-%d, namespace: spire-system,
                 ownerReferences: [{kind: DaemonSet, name: spire-agent, uid: spire-agent-uid}]},
               spec: {nodeName: node-%d, serviceAccountName: spire-agent, containers: [{name: spire-agent,
                 image: "ghcr.io/spiffe/spire-agent:1.15.3"}]},
               status: {phase: Running, conditions: [{type: Ready, status: "True"}],
                 containerStatuses: [{name: spire-agent, ready: true, restartCount: 0,
                   state: {running: {}}}]}}
              """
                  .formatted(i, i));
    }
    Report report = scene.report();
    assertThat(report.findings()).hasSize(1);
    Finding found = report.findings().getFirst().finding();
    assertThat(found.id()).isEqualTo("agent-not-attested");
    assertThat(found.evidence().toString()).contains("2 more agents alike, on node-3, node-4");
    assertThat(found.scope().nodes()).containsExactlyInAnyOrder("node-2", "node-3", "node-4");
  }
}
