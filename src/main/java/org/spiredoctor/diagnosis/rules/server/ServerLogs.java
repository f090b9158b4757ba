package org.spiredoctor.diagnosis.rules.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** What servers that are not ready say of it. */
final class ServerLogs {
  private ServerLogs() {}

  /**
   * A server that is not ready.
   *
   * @param configMap that holds its configuration
   */
  record Sick(Component component, Pod pod, Optional<String> configMap) {}

  /** Ends a finding about one. */
  interface Finish {
    /** Says what is wrong and what to do. */
    Outcome finish(Sick server, Log.Line line, Finding.Builder finding);
  }

  /** The first of each component's servers that says so, since it last served. */
  static List<Outcome> examine(
      Rule rule, ClusterCase cluster, Predicate<Log.Line> symptom, Finish finish) {
    Optional<String> missing = cluster.evidence().pods().missing();
    if (missing.isPresent()) {
      return List.of(new Outcome.Unknown(missing.get()));
    }
    List<Outcome> found = new ArrayList<>();
    for (Component server : cluster.evidence().servers()) {
      server.pods().stream()
          .filter(pod -> !pod.ready())
          .flatMap(pod -> finding(rule, cluster, server, pod, symptom, finish).stream())
          .findFirst()
          .ifPresent(found::add);
    }
    return found.isEmpty() ? List.of(new Outcome.Passed()) : found;
  }

  private static Optional<Outcome> finding(
      Rule rule,
      ClusterCase cluster,
      Component server,
      Pod pod,
      Predicate<Log.Line> symptom,
      Finish finish) {
    Sick sick =
        new Sick(server, pod, ConfigEdit.of(cluster.evidence(), server).map(ConfigEdit::configMap));
    return server
        .role()
        .container(pod)
        .map(Container::name)
        .flatMap(
            name ->
                cluster.evidence().log(pod, name).afterStart().lines().stream()
                    .filter(symptom)
                    .reduce((first, last) -> last))
        .map(
            line ->
                finish.finish(
                    sick,
                    line,
                    Finding.error(rule, Subject.of(pod), cluster.scope(server))
                        .seen("log of " + pod.inWords(), line.inShort())));
  }
}
