package org.spiredoctor.diagnosis.rules.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.agent.AgentPsatRejected.Rejection;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;

/** How agents are made to attest by their projected tokens. */
final class PsatRemedies {
  private PsatRemedies() {}

  static List<Remedy> of(ClusterEvidence evidence, Rejection rejection, AgentPod agent) {
    return switch (rejection) {
      case AUDIENCE -> audience(evidence, agent);
      case SERVICE_ACCOUNT -> PsatAccounts.of(evidence, agent);
      case CLUSTER -> cluster(evidence, agent);
      case TOKEN_MISSING ->
          List.of(
              agent
                  .component()
                  .owner()
                  .<Remedy>map(
                      owner ->
                          new Remedy.Command(
                              "Give the agents a token where they look for it",
                              Kubectl.merge(owner, volumeJson(agent))))
                  .orElseGet(() -> new Remedy.Patch("Give the agents a token", volume(agent))));
      case SERVER_FORBIDDEN -> rights(agent);
      case OTHER ->
          List.of(
              new Remedy.Advice(
                  "Read in the server's log what it says of the attestation at this time: it knows"
                      + " the reason, which it does not always tell the agent"),
              AgentPods.restart(agent));
    };
  }

  private static List<Remedy> cluster(ClusterEvidence evidence, AgentPod agent) {
    Optional<String> right = PsatSettings.cluster(AgentPsatRejected.server(agent));
    Component agents = agent.component();
    List<Remedy> byHand =
        withRestart(
            List.of(agents),
            new Remedy.Patch(
                "Name the cluster in the agents' configuration as the server does",
                "NodeAttestor \"k8s_psat\" {\n  plugin_data {\n    cluster = "
                    + Manifests.quoted(
                        right.orElse("the name under clusters in the server's configuration"))
                    + "\n  }\n}\n"));
    Optional<Remedy> server = renamed(evidence, agent, right.orElse(""));
    if (server.isPresent()) {
      return List.of(server.get());
    }
    return right
        .flatMap(
            name ->
                agents
                    .config()
                    .cluster()
                    .filter(mine -> !mine.equals(name))
                    .flatMap(
                        mine ->
                            ConfigEdit.of(evidence, agents)
                                .flatMap(edit -> edit.replace("cluster", mine, name))))
        .map(
            command ->
                List.<Remedy>of(
                    new Remedy.Command(
                        "Name the cluster to the agents as the server does", command)))
        .orElse(byHand);
  }

  /** Where entries know the cluster by the agents' name, the server's is the one that changed. */
  private static Optional<Remedy> renamed(ClusterEvidence evidence, AgentPod agent, String right) {
    return agent
        .component()
        .config()
        .cluster()
        .filter(mine -> !right.isEmpty() && !mine.equals(right))
        .filter(mine -> names(agent, mine) && !names(agent, right))
        .flatMap(
            mine ->
                agent.home().installation().servers().stream()
                    .flatMap(server -> ConfigEdit.of(evidence, server).stream())
                    .findFirst()
                    .map(edit -> renamed(edit, right, mine)));
  }

  private static Remedy renamed(ConfigEdit edit, String right, String mine) {
    String what = "Name the cluster to the server as the agents and entries do";
    return edit.rename(right, mine)
        .<Remedy>map(command -> new Remedy.Command(what, command))
        .orElseGet(
            () ->
                new Remedy.Advice(
                    what
                        + ": in its configuration, NodeAttestor k8s_psat, clusters, give "
                        + right
                        + " the name "
                        + mine
                        + ", then restart the server"));
  }

  private static boolean names(AgentPod agent, String name) {
    Selector selector = new Selector("k8s_psat", "cluster:" + name);
    return agent.home().entries().stream().anyMatch(entry -> entry.selectors().contains(selector));
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
                                                + Manifests.quoted(wanted)
                                                + "}]")
                                        + Kubectl.replaceAfterChange(owner))));
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
            Manifests.scalar(path.substring(0, Math.max(1, path.lastIndexOf('/')))),
            Manifests.scalar(PsatSettings.tokenFile(agent.component())),
            PsatSettings.AUDIENCE);
  }

  private static String volumeJson(AgentPod agent) {
    String path = PsatSettings.tokenPath(agent.component());
    return """
    {"spec":{"template":{"spec":{"containers":[{"name":%s,"volumeMounts":[{"name":"spire-token","mountPath":%s}]}],"volumes":[{"name":"spire-token","projected":{"sources":[{"serviceAccountToken":{"path":%s,"expirationSeconds":7200,"audience":"%s"}}]}}]}}}}\
    """
        .formatted(
            Manifests.quoted(agent.component().container()),
            Manifests.quoted(path.substring(0, Math.max(1, path.lastIndexOf('/')))),
            Manifests.quoted(PsatSettings.tokenFile(agent.component())),
            PsatSettings.AUDIENCE);
  }

  /**
   * What the server's service account needs to check a token (plugin_server_nodeattestor_k8s_psat).
   */
  private static List<Remedy> rights(AgentPod agent) {
    Optional<Remedy> missing = Grants.missing(agent.home().installation().servers().stream());
    if (missing.isPresent()) {
      return List.of(missing.get());
    }
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
    String account = namespace + ":" + pod.serviceAccount();
    return List.of(
        new Remedy.Command(
            "Let the server have tokens reviewed, and get the agents' pods and nodes",
            Kubectl.createOrChange(
                    "clusterrolebinding",
                    "spire-server-token-review",
                    "--clusterrole=system:auth-delegator",
                    "--serviceaccount=" + account)
                + " && "
                + Kubectl.allow(
                    "spire-server-pods-nodes", "get", "pods,nodes", account, Optional.empty())));
  }

  static List<Remedy> withRestart(List<Component> components, Remedy first) {
    List<Remedy> remedies = new ArrayList<>();
    remedies.add(first);
    components.stream()
        .flatMap(component -> component.owner().stream())
        .findFirst()
        .map((PodOwner owner) -> Kubectl.restart(owner))
        .ifPresent(
            command ->
                remedies.add(new Remedy.Command("Then start it with the new setting", command)));
    return remedies;
  }
}
