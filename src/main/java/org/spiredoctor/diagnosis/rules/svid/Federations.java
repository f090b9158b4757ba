package org.spiredoctor.diagnosis.rules.svid;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Pod;

/** What is seen of federation from outside of the pods. */
final class Federations {
  /** Both try again within a minute or so. */
  private static final Duration FRESH = Duration.ofMinutes(5);

  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?:unable to find federated bundle|trust_?domain(?:_id)?\"?[=:]) ?[\\\\\"]*(?:spiffe://)?"
              + "([a-z0-9._-]+)");

  private Federations() {}

  /** What servers and controller-managers complain of. */
  static List<Outcome> refused(Rule rule, ClusterCase cluster) {
    List<Outcome> found = new ArrayList<>();
    for (ControllerManager controller :
        ControllerManager.of(cluster.evidence(), cluster.evidence().servers())) {
      last(controller.log(cluster.evidence()), cluster, "unable to find federated bundle")
          .ifPresent(
              line ->
                  found.add(
                      begin(rule, cluster, controller.server(), line)
                          .remedy(setBundle(cluster.home(controller.server()), domain(line)))
                          .remedy(
                              new Remedy.Advice(
                                  "Or declare a ClusterFederatedTrustDomain, by which the server"
                                      + " fetches the bundle itself"))
                          .found(
                              "The server refuses an entry that federates with "
                                  + domain(line)
                                  + ", since it has no bundle of it")));
    }
    for (Component server : cluster.evidence().servers()) {
      server.pods().stream()
          .flatMap(
              pod ->
                  last(
                      cluster.evidence().log(pod, server.container()),
                      cluster,
                      "Error updating bundle")
                      .filter(line -> !isRefreshed(cluster, server, pod, line))
                      .stream())
          .findFirst()
          .ifPresent(
              line ->
                  found.add(
                      begin(rule, cluster, server, line)
                          .remedy(
                              new Remedy.Command(
                                  "Compare endpoint and profile with what the other side serves",
                                  cluster.home(server).commands().command("federation", "list")))
                          .remedy(setBundle(cluster.home(server), domain(line)))
                          .found(
                              "The server cannot fetch the bundle of "
                                  + domain(line)
                                  + ": its workloads do not trust that domain, or only as it was"
                                  + " before")));
    }
    return found;
  }

  private static Optional<Log.Line> last(Log log, ClusterCase cluster, String says) {
    return log.last(says).filter(line -> line.within(FRESH, cluster.evidence().at()));
  }

  /** Whether the bundle of the same domain came later. */
  private static boolean isRefreshed(
      ClusterCase cluster, Component server, Pod pod, Log.Line failure) {
    List<Log.Line> lines = cluster.evidence().log(pod, server.container()).lines();
    return lines.subList(lines.lastIndexOf(failure), lines.size()).stream()
        .anyMatch(line -> line.says("Bundle refreshed") && domain(line).equals(domain(failure)));
  }

  private static Finding.Builder begin(
      Rule rule, ClusterCase cluster, Component server, Log.Line line) {
    InstallationCase home = cluster.home(server);
    Finding.Builder finding =
        Finding.of(rule, AgentLogs.gravity(cluster), Subject.of(server), cluster.scope(home));
    return cluster.name(home, finding.seen("log", line.inShort()));
  }

  private static String domain(Log.Line line) {
    Matcher matcher = DOMAIN.matcher(line.text());
    return matcher.find() ? matcher.group(1) : "another trust domain";
  }

  private static Remedy setBundle(InstallationCase home, String domain) {
    return new Remedy.Advice(
        "Give the server the bundle that the other side prints with bundle show -format spiffe: "
            + home.commands()
                .reading("bundle", "set", "-format", "spiffe", "-id", "spiffe://" + domain)
            + " < bundle.json");
  }

  /** Pods whose entries do not federate with what they are to trust. */
  static List<Outcome> unfederated(Rule rule, ClusterCase cluster, List<String> wanted) {
    List<PodEntryMatch> lacking =
        cluster.entryMatches().seen().orElse(List.of()).stream()
            .filter(one -> one.entryMatch().served() && !lacks(one, wanted).isEmpty())
            .toList();
    return PodGroup.of(cluster, lacking.stream().map(PodEntryMatch::pod).toList()).stream()
        .flatMap(
            group ->
                cluster.entryMatch(group.first()).stream()
                    .map(one -> finding(rule, cluster, group, one, wanted)))
        .toList();
  }

  /** Pods whose entries federate with what their server has no valid bundle of. */
  static List<Outcome> withoutBundle(Rule rule, ClusterCase cluster) {
    List<Outcome> outcomes = new ArrayList<>();
    for (InstallationCase one : cluster.installations()) {
      List<PodEntryMatch> federating =
          cluster.entryMatches().seen().orElse(List.of()).stream()
              .filter(
                  entryMatch -> entryMatch.home().equals(one) && entryMatch.entryMatch().served())
              .filter(entryMatch -> !domains(entryMatch).isEmpty())
              .toList();
      if (federating.isEmpty()) {
        continue;
      }
      Optional<Set<String>> known = known(one, cluster.evidence().at());
      if (known.isEmpty()) {
        outcomes.add(
            new Outcome.Unknown(
                "which bundles of other trust domains the SPIRE server has, with which "
                    + federating.size()
                    + " of the pods' entries federate"));
        continue;
      }
      List<PodEntryMatch> lacking =
          federating.stream()
              .filter(entryMatch -> !known.get().containsAll(domains(entryMatch)))
              .toList();
      PodGroup.of(cluster, lacking.stream().map(PodEntryMatch::pod).toList()).stream()
          .flatMap(
              group ->
                  cluster.entryMatch(group.first()).stream()
                      .map(
                          entryMatch ->
                              withoutBundle(rule, cluster, group, entryMatch, known.get())))
          .forEach(outcomes::add);
    }
    return List.copyOf(outcomes);
  }

  private static List<String> domains(PodEntryMatch one) {
    return one.entryMatch().entries().stream()
        .map(Entry::federatesWith)
        .flatMap(List::stream)
        .map(domain -> domain.replace("spiffe://", ""))
        .distinct()
        .toList();
  }

  /** The domains whose bundles hold an authority that is valid; absent where they were not seen. */
  private static Optional<Set<String>> known(InstallationCase one, Instant now) {
    return one.installation().answers().stream()
        .flatMap(said -> said.federated().seen().stream())
        .findFirst()
        .map(
            bundles ->
                bundles.stream()
                    .filter(
                        bundle ->
                            bundle.x509Authorities().stream()
                                .anyMatch(a -> !a.tainted() && !a.expiredAt(now)))
                    .map(bundle -> bundle.trustDomain().replace("spiffe://", ""))
                    .collect(Collectors.toSet()));
  }

  private static Outcome withoutBundle(
      Rule rule, ClusterCase cluster, PodGroup group, PodEntryMatch one, Set<String> known) {
    List<String> lacking = domains(one).stream().filter(domain -> !known.contains(domain)).toList();
    return cluster
        .name(one.home(), group.error(rule))
        .seen(
            one.entryMatch().entry().inWords(), "federates with " + String.join(", ", domains(one)))
        .seen(
            "bundles that the server has",
            known.isEmpty()
                ? "none that is valid"
                : known.stream().sorted().collect(Collectors.joining(", ")))
        .remedy(
            new Remedy.Command(
                "See from where the server fetches the bundle, and whether it can",
                one.home().commands().command("federation", "list")))
        .remedy(setBundle(one.home(), lacking.getFirst()))
        .found(
            "The entry of the pod federates with "
                + String.join(", ", lacking)
                + ", but the server has no valid bundle of it, so the pod gets none");
  }

  private static List<String> lacks(PodEntryMatch one, List<String> wanted) {
    List<String> has =
        one.entryMatch().entries().stream()
            .map(Entry::federatesWith)
            .flatMap(List::stream)
            .map(domain -> domain.replace("spiffe://", ""))
            .toList();
    return wanted.stream().filter(domain -> !has.contains(domain)).toList();
  }

  private static Outcome finding(
      Rule rule, ClusterCase cluster, PodGroup group, PodEntryMatch one, List<String> wanted) {
    Entry entry = one.entryMatch().entry();
    List<String> lacking = lacks(one, wanted);
    return cluster
        .name(one.home(), group.error(rule))
        .seen(
            entry.inWords(),
            "federates with "
                + (entry.federatesWith().isEmpty()
                    ? "none"
                    : String.join(", ", entry.federatesWith())))
        .remedy(
            one.home()
                .commands()
                .federate(
                    "Let the entry federate with it; the server must have its bundle",
                    entry,
                    lacking))
        .remedy(setBundle(one.home(), lacking.getFirst()))
        .found(
            "The entry of the pod does not federate with "
                + lacking.stream().collect(Collectors.joining(", "))
                + ", so that the agent gives the pod no bundle of it");
  }
}
