package org.spiredoctor.diagnosis.rules.agent;

import static org.spiredoctor.diagnosis.ClusterScene.AGENT;

import java.time.Instant;
import java.util.Optional;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.kube.Kind;

/** Scenes of an agent that does not attest, or is gone. */
public final class AgentScenes {
  public static final String POD = "spire-agent-x1y2z";
  public static final String DELETE = "kubectl delete pod -n spire-system " + POD;

  private AgentScenes() {}

  /** An agent that tries to attest, and what it says. */
  public static ClusterScene refused(String error) {
    return ClusterScene.healthy()
        .attested()
        .agentNotReady()
        .agentLog(
            "level=warning msg=\"Failed to retrieve attestation result\" error=\""
                + error
                + "\"\n");
  }

  /** The agent of the node, which may be banned or expired. */
  public static Agent agent(boolean banned, Instant expires) {
    Agent plain = ClusterScene.agent(AGENT, "node-1", "node-uid-1");
    return new Agent(
        plain.id(),
        plain.attestationType(),
        plain.selectors(),
        banned,
        true,
        Optional.of(expires),
        plain.version());
  }

  /** The server knows no agent, and none runs. */
  public static ClusterScene withoutAgent() {
    return ClusterScene.healthy().attested().remove(Kind.POD, POD);
  }

  /** The agent is configured in another way. */
  public static ClusterScene agentConf(String from, String to) {
    return ClusterScene.healthy().configEdit("spire-agent", "agent.conf", from, to);
  }
}
