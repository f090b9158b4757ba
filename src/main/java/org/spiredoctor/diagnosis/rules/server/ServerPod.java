package org.spiredoctor.diagnosis.rules.server;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** A server's pod, and what its log says. */
record ServerPod(ClusterCase cluster, Component component, Pod pod) {

  /** Judges each server. */
  static List<Outcome> each(ClusterCase cluster, Function<ServerPod, Optional<Outcome>> judge) {
    return Outcome.ifSeen(
        cluster.evidence().pods(),
        _ ->
            cluster.evidence().servers().stream()
                .flatMap(server -> of(cluster, server))
                .flatMap(one -> judge.apply(one).stream())
                .toList());
  }

  /**
   * Judges those that are not ready; of replicas the first is reported of which anything is found.
   */
  static List<Outcome> unready(ClusterCase cluster, Function<ServerPod, Optional<Outcome>> judge) {
    return Outcome.ifSeen(
        cluster.evidence().pods(),
        _ ->
            cluster.evidence().servers().stream()
                .flatMap(
                    server ->
                        of(cluster, server)
                            .filter(one -> !one.pod().ready())
                            .flatMap(one -> judge.apply(one).stream())
                            .limit(1))
                .toList());
  }

  private static Stream<ServerPod> of(ClusterCase cluster, Component server) {
    return server.pods().stream().map(pod -> new ServerPod(cluster, server, pod));
  }

  /** The name of the container that runs the server. */
  String container() {
    return component.role().container(pod).map(Container::name).orElse(component.container());
  }

  /** Its log. */
  Log log() {
    return cluster.evidence().log(pod, container());
  }

  /** The last line that shows a symptom since the server last began to serve. */
  Optional<Log.Line> last(Predicate<Log.Line> symptom) {
    return log().afterStart().lines().stream().filter(symptom).reduce((first, last) -> last);
  }

  /** Begins a finding about it, which concerns all of its SPIRE. */
  Finding.Builder begin(Rule rule, Severity severity) {
    return Finding.of(rule, severity, Subject.of(pod), cluster.scope(component));
  }

  /** The same by a line of its log; where there are several SPIREs, it says of which it is. */
  Finding.Builder begin(Rule rule, Severity severity, Log.Line line) {
    return cluster.name(cluster.home(component), begin(rule, severity)).said(pod, line);
  }
}
