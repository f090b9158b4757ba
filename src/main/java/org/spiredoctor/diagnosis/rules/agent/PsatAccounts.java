package org.spiredoctor.diagnosis.rules.agent;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Rights;

/** How an agent's service account and the server's allow list are made to agree. */
final class PsatAccounts {
  private PsatAccounts() {}

  static List<Remedy> of(ClusterEvidence evidence, AgentPod agent) {
    return Grants.missing(
            Stream.concat(
                Stream.of(agent.component()), agent.home().installation().servers().stream()))
        .map(List::of)
        .orElseGet(() -> granted(evidence, agent));
  }

  private static List<Remedy> granted(ClusterEvidence evidence, AgentPod agent) {
    List<String> allowed = PsatSettings.allowed(AgentPsatRejected.server(agent), agent.component());
    String mine = AgentPsatRejected.account(agent);
    Remedy byHand =
        new Remedy.Patch(
            "Let the server take agents of this service account, in its configuration",
            "service_account_allow_list = ["
                + Stream.concat(allowed.stream(), Stream.of(mine))
                    .distinct()
                    .map(Manifests::quoted)
                    .collect(Collectors.joining(", "))
                + "]\n",
            agent.home().installation().servers().stream().findFirst().map(Subject::of));
    Optional<Remedy> back = lost(evidence, agent) ? back(agent, allowed) : Optional.empty();
    Optional<Remedy> allow =
        agent.home().installation().servers().stream()
            .flatMap(server -> ConfigEdit.of(evidence, server).stream())
            .findFirst()
            .flatMap(
                edit ->
                    edit.change(
                        "(service_account_allow_list\"?[[:space:]]*[=:][[:space:]]*\\[)",
                        "\\1\"" + ConfigEdit.replacement(mine) + "\", "))
            .map(
                command ->
                    new Remedy.Command(
                        back.isPresent()
                            ? "Or let the server take agents of this service account"
                            : "Let the server take agents of this service account",
                        command));
    List<Remedy> commands = Stream.of(back, allow).flatMap(Optional::stream).toList();
    return commands.isEmpty()
        ? PsatRemedies.withRestart(agent.home().installation().servers(), byHand)
        : commands;
  }

  /**
   * Whether the agent has an account that was not made for it: one that may not ask the kubelet.
   */
  private static boolean lost(ClusterEvidence evidence, AgentPod agent) {
    Component component = agent.component();
    return agent.pod().serviceAccount().equals("default")
        || Rights.kubelet(component, agent.pod())
            .allMatch(right -> evidence.snapshot().denied(right));
  }

  private static Optional<Remedy> back(AgentPod agent, List<String> allowed) {
    String namespace = agent.component().namespace() + ":";
    return allowed.stream()
        .filter(name -> name.startsWith(namespace))
        .findFirst()
        .map(name -> name.substring(namespace.length()))
        .flatMap(
            name ->
                agent
                    .component()
                    .owner()
                    .map(
                        owner ->
                            new Remedy.Command(
                                "Give the agents the service account that the server allows",
                                Kubectl.merge(
                                    owner,
                                    "{\"spec\":{\"template\":{\"spec\":{\"serviceAccountName\":%1$s,\"serviceAccount\":%1$s}}}}"
                                        .formatted(TextNode.valueOf(name))))));
  }
}
