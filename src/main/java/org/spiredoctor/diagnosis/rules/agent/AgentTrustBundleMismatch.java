package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Shell;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Log;

/** An agent does not trust the server: its bundle is of other authorities, empty, or missing. */
@AutoService(Rule.class)
public final class AgentTrustBundleMismatch implements Rule {
  private static final List<String> SAYS =
      List.of(
          "Trust Bundle and Server don't agree",
          "signed by unknown authority",
          "could not parse trust bundle",
          "no certs in bundle",
          "no PEM blocks");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentPods.byLog(
        this,
        cluster,
        AgentTrustBundleMismatch::isOfTheServer,
        (line, first, finding) -> {
          Optional<BundleSource> source = BundleSource.of(first);
          source
              .map(s -> "key " + s.key() + " of the config map " + s.configMap())
              .ifPresent(where -> finding.seen("trust_bundle_path", where));
          kept(first, line)
              .ifPresent(
                  file ->
                      finding
                          .seen(first.component().inWords(), "keeps its bundle in " + file)
                          .remedy(
                              new Remedy.Advice(
                                  "Remove "
                                      + file
                                      + " on "
                                      + first.pod().node()
                                      + " and every other node where agents do not trust the"
                                      + " server: an agent reads trust_bundle_path only when that"
                                      + " file is not there. From SPIRE 1.13 on rebootstrap_mode"
                                      + " \"auto\" does that by itself")));
          boolean unreadable = BundleSource.isUnread(line);
          // What is mounted as a file of its own never follows the config map.
          boolean there =
              unreadable && source.filter(s -> s.isThere(cluster.evidence())).isPresent();
          if (there) {
            finding.seen("config map", "has the key now");
          } else {
            finding.remedy(remedy(cluster.evidence(), first, source));
          }
          first
              .component()
              .owner()
              .ifPresent(
                  owner ->
                      finding.remedy(
                          new Remedy.Command(
                              there ? "Restart the agents" : "Then restart the agents",
                              Kubectl.restart(owner))));
          return finding.found(
              "The SPIRE agent on "
                  + first.pod().node()
                  + (unreadable
                      ? " cannot read the bundle by which it is to know the server"
                      : " does not trust the server: its bundle is not the server's"));
        });
  }

  /** The file on the node in which an agent keeps the bundle that it was given last. */
  private static Optional<String> kept(AgentPod agent, Log.Line line) {
    return agent
        .component()
        .config()
        .value("agent", "data_dir")
        .filter(_ -> line.says("unknown authority"))
        .flatMap(agent.component()::onNode)
        .map(directory -> directory + "/agent-data.json");
  }

  /** The kubelet and upstream services have certificates too. */
  private static boolean isOfTheServer(Log.Line line) {
    return SAYS.stream().anyMatch(line::says)
        && !line.says("10250")
        && !line.says("workload attestor")
        && !line.says("kubelet");
  }

  private static Remedy remedy(
      ClusterEvidence evidence, AgentPod agent, Optional<BundleSource> source) {
    Optional<Remedy> path =
        source.flatMap(
            s ->
                s.otherKey(evidence)
                    .flatMap(
                        key ->
                            ConfigEdit.of(evidence, agent.component())
                                .flatMap(
                                    edit ->
                                        edit.change(
                                            "(trust_bundle_path\"?[[:space:]]*[=:][[:space:]]*"
                                                + "\"([^\"]*\\/)?)"
                                                + ConfigEdit.literal(s.key())
                                                + "\"",
                                            "\\1" + ConfigEdit.replacement(key) + "\""))
                                .map(
                                    command ->
                                        new Remedy.Command(
                                            "Let trust_bundle_path name the file that is there",
                                            command))));
    if (path.isPresent()) {
      return path.get();
    }
    return source
        .<Remedy>map(
            s ->
                new Remedy.Command(
                    "Give the agents the bundle that the server has now",
                    Shell.filled("bundle", agent.home().commands().command("bundle", "show"))
                        + " | "
                        + Kubectl.line(
                            "create configmap -n",
                            agent.component().namespace(),
                            s.configMap(),
                            "--from-file=" + s.key() + "=/dev/stdin",
                            "--dry-run=client",
                            "-o",
                            "yaml")
                        + " | "
                        + Kubectl.line("apply -n", agent.component().namespace(), "-f", "-")))
        .orElse(
            new Remedy.Advice(
                "Give the agent the server's bundle of now (spire-server bundle show) at its"
                    + " trust_bundle_path or trust_bundle_url; an agent that keeps its data on the"
                    + " node also has an old bundle in its data_dir, to be removed"));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_REFUSED);
  }

  @Override
  public Set<Effect> explainedBy() {
    // Each of the servers signs by itself; one without its old keys signs anew.
    return Set.of(Effect.AUTHORITIES_REPLACED);
  }
}
