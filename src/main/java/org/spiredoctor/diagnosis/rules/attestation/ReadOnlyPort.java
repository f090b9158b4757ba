package org.spiredoctor.diagnosis.rules.attestation;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Node;
import org.spiredoctor.kube.Pod;

/**
 * The port at which agents query the kubelet without TLS.
 *
 * @param number as it is configured; untrusted
 */
record ReadOnlyPort(Component agents, String number) {
  static final String SETTING = "kubelet_read_only_port";

  /** The one that is configured, if one is. */
  static Optional<ReadOnlyPort> of(Component agents) {
    return agents
        .config()
        .value("plugins", "WorkloadAttestor", "k8s", "plugin_data", SETTING)
        .map(number -> new ReadOnlyPort(agents, number));
  }

  /** A node with such an agent whose kubelet answers only TLS there. */
  Optional<String> secureOn(ClusterCase cluster) {
    return agents.pods().stream()
        .map(Pod::node)
        .filter(
            node ->
                Stream.ofNullable(cluster.evidence().nodes().get(node))
                    .map(Node::kubeletPort)
                    .flatMapToInt(OptionalInt::stream)
                    .anyMatch(port -> number.equals(String.valueOf(port))))
        .findFirst();
  }

  /** Ends a finding: what is set, what that does, and how it is taken back. */
  Outcome tell(ClusterCase cluster, Finding.Builder finding) {
    return finding
        .seen("configuration of the agents", SETTING + " " + number)
        .remedy(remedy(cluster))
        .found(
            "The agents ask the kubelet without TLS at port "
                + number
                + " ("
                + SETTING
                + "), and get no list of pods there: they attest no pod");
  }

  private Remedy remedy(ClusterCase cluster) {
    return ConfigEdit.of(cluster.evidence(), agents)
        .filter(_ -> !agents.config().text().stripLeading().startsWith("{"))
        .flatMap(
            edit -> edit.change("\"?" + SETTING + "\"?[[:space:]]*=[[:space:]]*\"?[0-9]+\"?", ""))
        .<Remedy>map(
            command ->
                new Remedy.Command(
                    "Let the agents ask at the secure port, as they do without the setting",
                    command))
        .orElse(
            new Remedy.Advice(
                "Take "
                    + SETTING
                    + " out of the agents' configuration: without it they ask at the secure port"));
  }
}
