package org.spiredoctor.diagnosis;

import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Discovery;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.kube.Json;
import org.spiredoctor.kube.Pod;

/**
 * What a server or agent says of a configuration with which it does not start.
 *
 * @param line that says it
 * @param certain whether it can be nothing else: a plugin may also fail for want of what it calls
 */
public record ConfigComplaint(Log.Line line, boolean certain) {

  private static final String WRONG_FLAG = "flag provided but not defined";

  /** All seen with 1.13.0 and 1.15.3. Those of the file itself come without level or time. */
  private static final List<String> OF_THE_FILE =
      List.of(
          "could not find config file",
          "unable to decode configuration at",
          "nknown configuration detected",
          "must be configured",
          WRONG_FLAG,
          "constraint not satisfied: expected exactly 1",
          "ailed to load plugin",
          "malformed database type configuration");

  private static final List<String> OF_A_PLUGIN = List.of("ailed to configure plugin");

  /** The last in a log that comes after the last start; only that one is of now. */
  public static Optional<ConfigComplaint> in(Log log) {
    Log now = log.afterStart();
    return best(now, OF_THE_FILE)
        .map(line -> new ConfigComplaint(line, true))
        .or(
            () ->
                best(now, OF_A_PLUGIN)
                    .map(line -> new ConfigComplaint(line, line.says("InvalidArgument"))));
  }

  /** With level and keys if there is such a line: it says more than the one that follows. */
  private static Optional<Log.Line> best(Log log, List<String> keywords) {
    List<Log.Line> saying =
        log.lines().stream().filter(line -> keywords.stream().anyMatch(line::says)).toList();
    return saying.stream()
        .filter(line -> line.text().contains("keys="))
        .reduce((first, last) -> last)
        .or(() -> saying.stream().reduce((first, last) -> last));
  }

  /** Tells of it in a finding, and how it is mended. */
  public Finding.Builder tell(
      ClusterEvidence evidence, Component component, Pod pod, Finding.Builder finding) {
    finding
        .confidence(certain ? Confidence.CERTAIN : Confidence.LIKELY)
        .seen(
            "log of " + pod.inWords(),
            line.text().contains("keys=") ? line.text() : line.inShort());
    if (line.says(WRONG_FLAG)) {
      finding.remedy(
          new Remedy.Advice(
              "Remove the flag that the log names from the arguments of container "
                  + component.container()
                  + ", where the pod is defined"));
      return finding;
    }
    configMap(evidence, component, pod)
        .ifPresent(
            name ->
                finding.remedy(
                    new Remedy.Command(
                        "Correct the setting that the log names",
                        Kubectl.editConfigMap(component.namespace(), name))));
    // A stateful set waits for a broken pod to become ready before it replaces it.
    String anew =
        component
            .owner()
            .filter(owner -> !owner.kind().equals("StatefulSet"))
            .map(Kubectl::restart)
            .orElse(Kubectl.delete(pod));
    finding.remedy(new Remedy.Command("Then start it with the corrected configuration", anew));
    return finding;
  }

  /** The config map that holds the configuration; of several the one that was read as such. */
  private static Optional<String> configMap(
      ClusterEvidence evidence, Component component, Pod pod) {
    List<String> names = Discovery.configMaps(pod);
    return names.stream()
        .filter(
            name ->
                Optional.ofNullable(
                        evidence.snapshot().configMaps().get(new Name(component.namespace(), name)))
                    .flatMap(map -> map.seen())
                    .filter(
                        map ->
                            Json.strings(map.path("data")).containsValue(component.config().text()))
                    .isPresent())
        .findFirst()
        .or(() -> names.stream().findFirst());
  }
}
