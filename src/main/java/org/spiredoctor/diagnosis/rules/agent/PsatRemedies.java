package org.spiredoctor.diagnosis.rules.agent;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.agent.AgentPsatRejected.Rejection;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Owner;
import org.spiredoctor.kube.Pod;

/** How agents are made to attest by their projected tokens. */
final class PsatRemedies {
  private PsatRemedies() {}

  static List<Remedy> of(ClusterEvidence evidence, Rejection rejection, AgentPod agent) {
    return switch (rejection) {
      case AUDIENCE -> audience(evidence, agent);
      case SERVICE_ACCOUNT ->
          withRestart(
              agent.home().installation().servers(),
              new Remedy.Patch(
                  "Let the server take agents of this service account, in its configuration",
                  "service_account_allow_list = ["
                      + Stream.concat(
                              PsatSettings.allowed(
                                  AgentPsatRejected.server(agent), agent.component())
                                  .stream(),
                              Stream.of(AgentPsatRejected.account(agent)))
                          .distinct()
                          .map(name -> '"' + name + '"')
                          .collect(Collectors.joining(", "))
                      + "]\n"));
      case CLUSTER ->
          withRestart(
              List.of(agent.component()),
              new Remedy.Patch(
                  "Name the cluster in the agents' configuration as the server does",
                  "NodeAttestor \"k8s_psat\" {\n  plugin_data {\n    cluster = \""
                      + PsatSettings.cluster(AgentPsatRejected.server(agent))
                          .orElse("the name under clusters in the server's configuration")
                      + "\"\n  }\n}\n"));
      case TOKEN_MISSING -> List.of(new Remedy.Patch("Give the agents a token", volume(agent)));
      case SERVER_FORBIDDEN -> rights(agent);
      case OTHER ->
          List.of(
              new Remedy.Advice(
                  "Read in the server's log what it says of the attestation at this time: it knows"
                      + " the reason, which it does not always tell the agent"),
              AgentPods.startAnew(agent));
    };
  }

  private static List<Remedy> audience(ClusterEvidence evidence, AgentPod agent) {
    String wanted =
        PsatSettings.audiences(AgentPsatRejected.server(agent), agent.component()).stream()
            .findFirst()
            .orElse(PsatSettings.AUDIENCE);
    Optional<Remedy> patch =
        agent
            .component()
            .owner()
            .flatMap(
                owner ->
                    PsatSettings.tokenPointer(
                            Placement.spec(evidence, owner),
                            PsatSettings.tokenFile(agent.component()))
                        .map(
                            pointer ->
                                new Remedy.Command(
                                    "Let the agents' token be made for the server",
                                    Kubectl.patch(
                                        owner,
                                        "[{\"op\":\"add\",\"path\":\""
                                            + pointer
                                            + "/audience\",\"value\":"
                                            + TextNode.valueOf(wanted)
                                            + "}]"))));
    return List.of(
        patch.orElse(new Remedy.Patch("Let the agents' token be made for it", volume(agent))));
  }

  private static String volume(AgentPod agent) {
    String path = PsatSettings.tokenPath(agent.component());
    return """
        spec:
          template:
            spec:
              containers:
                - name: %s
                  volumeMounts:
                    - name: spire-token
                      mountPath: %s
              volumes:
                - name: spire-token
                  projected:
                    sources:
                      - serviceAccountToken:
                          path: %s
                          expirationSeconds: 7200
                          audience: %s
        """
        .formatted(
            agent.component().container(),
            path.substring(0, Math.max(1, path.lastIndexOf('/'))),
            PsatSettings.tokenFile(agent.component()),
            PsatSettings.AUDIENCE);
  }

  /**
   * What the server's service account needs to check a token (plugin_server_nodeattestor_k8s_psat).
   */
  private static List<Remedy> rights(AgentPod agent) {
    Pod pod =
        agent.home().installation().servers().stream()
            .flatMap(server -> server.specimen().stream())
            .findFirst()
            .orElse(null);
    if (pod == null) {
      return List.of(
          new Remedy.Advice(
              "Let the server create tokenreviews, and get pods and nodes, by a ClusterRole"));
    }
    String namespace = pod.meta().namespace();
    String account = "--serviceaccount=" + namespace + ":" + pod.serviceAccount();
    return List.of(
        new Remedy.Command(
            "Let the server have tokens reviewed",
            Kubectl.command(
                "create",
                "clusterrolebinding",
                "spire-server-token-review",
                "--clusterrole=system:auth-delegator",
                account)),
        new Remedy.Command(
            "Let the server get the agents' pods and nodes",
            Kubectl.command(
                    "create",
                    "clusterrole",
                    "spire-server-pods-nodes",
                    "--verb=get",
                    "--resource=pods,nodes")
                + " && "
                + Kubectl.command(
                    "create",
                    "clusterrolebinding",
                    "spire-server-pods-nodes",
                    "--clusterrole=spire-server-pods-nodes",
                    account)));
  }

  private static List<Remedy> withRestart(List<Component> components, Remedy first) {
    List<Remedy> remedies = new ArrayList<>();
    remedies.add(first);
    components.stream()
        .flatMap(component -> component.owner().stream())
        .findFirst()
        .map((Owner owner) -> Kubectl.restart(owner))
        .ifPresent(
            command ->
                remedies.add(new Remedy.Command("Then start it with the new setting", command)));
    return remedies;
  }
}
