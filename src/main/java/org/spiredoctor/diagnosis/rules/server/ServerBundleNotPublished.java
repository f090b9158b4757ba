package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Discovery;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.evidence.cluster.Rights;
import org.spiredoctor.kube.Access;
import org.spiredoctor.kube.Pod;

/** A server cannot write its bundle to the config map from which agents have it. */
@AutoService(Rule.class)
public final class ServerBundleNotPublished implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    List<Outcome> found = new ArrayList<>();
    for (Component server : cluster.evidence().servers()) {
      Pod pod = server.pods().stream().findFirst().orElse(null);
      // Without a pod nobody tries to write it.
      if (pod == null) {
        continue;
      }
      List<Access> denied =
          Rights.bundle(server, pod)
              .filter(right -> cluster.evidence().snapshot().denied(right))
              .toList();
      Optional<Log.Line> line = said(cluster, server, pod);
      if (!denied.isEmpty() || (line.isPresent() && !pod.ready())) {
        found.add(finding(cluster, server, pod, denied, line));
      }
    }
    return Outcome.orPassed(found);
  }

  private static Optional<Log.Line> said(ClusterCase cluster, Component server, Pod pod) {
    return cluster.evidence().log(pod, server.container()).lines().stream()
        .filter(
            line -> line.says("k8sbundle") && (line.says("forbidden") || line.says("not found")))
        .reduce((first, last) -> last);
  }

  private Outcome finding(
      ClusterCase cluster,
      Component server,
      Pod pod,
      List<Access> denied,
      Optional<Log.Line> line) {
    Access right =
        denied.stream().findFirst().or(() -> Rights.bundle(server, pod).findFirst()).orElseThrow();
    String namespace = right.namespace().orElse(server.namespace());
    String map = namespace + "/" + right.name();
    Finding.Builder finding =
        Finding.error(this, Subject.of(pod), cluster.scope(server))
            .confidence(line.isPresent() ? Confidence.CERTAIN : Confidence.LIKELY);
    denied.forEach(one -> finding.seen("Kubernetes", one.account() + " may not " + one.inWords()));
    line.ifPresent(l -> finding.said(pod, l));
    Optional<Component> readers = readersElsewhere(cluster, server, namespace, right.name());
    if (readers.isPresent()) {
      move(cluster, server, namespace, right.name(), readers.get(), finding);
      return finding.found(
          "The SPIRE server "
              + pod.inWords()
              + " publishes its bundle in the namespace "
              + namespace
              + ", but the agents read it in "
              + readers.get().namespace());
    }
    boolean absent = denied.isEmpty() && line.filter(l -> l.says("not found")).isPresent();
    if (absent) {
      finding.remedy(
          new Remedy.Command(
              "Create the config map, empty, and restart the server",
              Kubectl.command("create", "configmap", "-n", namespace, right.name())
                  + " && "
                  + Kubectl.delete(pod)));
    } else {
      finding.remedy(
          Grants.to(
              server,
              new Remedy.Command(
                  "Let the server write it, and restart the server",
                  allow(namespace, right) + " && " + Kubectl.delete(pod))));
    }
    return finding.found(
        "The SPIRE server "
            + pod.inWords()
            + (absent ? " finds no config map " + map : " may not write the config map " + map)
            + ", by which agents know the server"
            + (pod.ready()
                ? ": agents will not trust its next authority"
                : ", and does not start"));
  }

  /** The agents that mount a config map of this name, where none does in this namespace. */
  private static Optional<Component> readersElsewhere(
      ClusterCase cluster, Component server, String namespace, String name) {
    List<Component> readers =
        cluster.home(server).installation().agents().stream()
            .filter(
                agents ->
                    agents.specimen().stream()
                        .anyMatch(pod -> Discovery.configMaps(pod).contains(name)))
            .toList();
    return readers.stream().anyMatch(agents -> agents.namespace().equals(namespace))
        ? Optional.empty()
        : readers.stream().findFirst();
  }

  private static void move(
      ClusterCase cluster,
      Component server,
      String namespace,
      String name,
      Component readers,
      Finding.Builder finding) {
    boolean set =
        server.config().has("plugins", "Notifier", "k8sbundle", "plugin_data", "namespace");
    finding
        .seen(
            "configuration of the server",
            "Notifier k8sbundle, namespace " + namespace + (set ? "" : " (not set: the default)"))
        .seen(readers.inWords(), "mounts the config map " + readers.namespace() + "/" + name);
    Optional<String> command =
        ConfigEdit.of(cluster.evidence(), server)
            .filter(_ -> set)
            .flatMap(edit -> edit.replace("namespace", namespace, readers.namespace()));
    command.ifPresent(
        edit ->
            finding.remedy(
                new Remedy.Command("Let the server write it where the agents read it", edit)));
    finding
        .remedy(
            new Remedy.Patch(
                (command.isPresent() ? "Or write it" : "Write")
                    + " in the server's configuration by hand",
                "Notifier \"k8sbundle\" {\n  plugin_data {\n    namespace = "
                    + Manifests.quoted(readers.namespace())
                    + "\n  }\n}\n"))
        .remedy(
            new Remedy.Advice(
                "Then check again: the server also needs rights to get and patch the config map"
                    + " there"));
  }

  private static String allow(String namespace, Access right) {
    return Kubectl.createOrChange(
            "role",
            "-n",
            namespace,
            "spire-server-bundle",
            "--verb=get,patch",
            "--resource=configmaps",
            "--resource-name=" + right.name())
        + " && "
        + Kubectl.createOrChange(
            "rolebinding",
            "-n",
            namespace,
            "spire-server-bundle",
            "--role=spire-server-bundle",
            "--serviceaccount=" + right.account());
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.SERVER_DOWN, Effect.AGENT_ABSENT, Effect.AGENT_NOT_READY);
  }
}
