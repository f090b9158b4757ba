package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;

/** The file system of an agent's socket directory knows no sockets, or no modes for them. */
@AutoService(Rule.class)
public final class AgentSocketDirectoryUnsupported implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentPods.byLog(
        this,
        cluster,
        line -> line.says("unable to change UDS permissions"),
        (_, agent, finding) -> {
          agent
              .component()
              .config()
              .agentSocket()
              .flatMap(agent.component()::onNode)
              .ifPresent(onNode -> finding.seen("socket on the node", onNode));
          return finding
              .remedy(
                  Grants.to(
                      agent.component(),
                      new Remedy.Patch(
                          "Put the socket on a file system of the node itself, in agents and pods",
                          """
                      volumes:
                        - name: spire-agent-socket
                          hostPath:
                            path: /run/spire/agent-sockets
                            type: DirectoryOrCreate
                      """)))
              .remedy(
                  new Remedy.Advice(
                      "Docker Desktop shares folders of the computer with its nodes, such as those"
                          + " below /Users: no socket can be made there"))
              .found(
                  "The SPIRE agent on "
                      + agent.pod().node()
                      + " cannot set up its socket: the file system of its directory does not"
                      + " support that");
        });
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_ABSENT, Effect.AGENT_NOT_READY);
  }
}
