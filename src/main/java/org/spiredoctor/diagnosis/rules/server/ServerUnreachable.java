package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.CrashReason;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.EntryCommands;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.ServerRoute;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.kube.Pod;

/** A server runs, but its API does not answer. */
@AutoService(Rule.class)
public final class ServerUnreachable implements Rule {
  /** What is said of an answer that was not waited for to its end. */
  private static final List<String> GIVEN_UP =
      List.of("it printed nothing for ", "it printed more than ", "it did not end within ");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    Map<Name, ServerAnswers> answers = cluster.evidence().snapshot().servers();
    if (answers.isEmpty()) {
      return List.of(new Outcome.NotApplicable("no server runs that could be asked"));
    }
    List<Outcome> outcomes = new ArrayList<>();
    answers.forEach(
        (pod, said) ->
            Stream.<Observed<?>>of(said.entries(), said.agents())
                .filter(Unseen.class::isInstance)
                .map(unseen -> (Unseen<?>) unseen)
                .findFirst()
                .ifPresent(unseen -> outcomes.add(outcome(cluster, pod, said, unseen))));
    return Outcome.orPassed(outcomes);
  }

  private Outcome outcome(ClusterCase cluster, Name name, ServerAnswers said, Unseen<?> unseen) {
    boolean answers = said.agents().seen().isPresent();
    if (unseen.reason() != Observed.Reason.FAILED || (answers && isGivenUp(unseen))) {
      return new Outcome.Unknown(unseen.missing().orElse(""));
    }
    boolean inPod = said.route().by() == ServerRoute.By.EXEC;
    Optional<Component> server = server(cluster, name);
    Finding.Builder finding =
        Finding.error(
                this,
                new Subject(
                    inPod ? "Pod" : "Server",
                    Optional.of(name.namespace()).filter(ns -> !ns.isEmpty()),
                    name.name()),
                server.map(cluster::scope).orElseGet(cluster::scopeOfOnly))
            .seen(unseen.asked(), unseen.why());
    said.health().seen().ifPresent(health -> finding.seen("healthcheck", health));
    server
        .flatMap(its -> complaint(cluster, its, name))
        .ifPresent(quote -> finding.seen(quote.source(), quote.text()));
    if (said.route().by() == ServerRoute.By.NETWORK) {
      return overNetwork(name, finding);
    }
    EntryCommands commands =
        server
            .map(its -> cluster.home(its).commands())
            .orElse(new EntryCommands(said.route().program()));
    return finding
        .remedy(
            new Remedy.Command(
                "Ask it by hand, to see whether it answers now",
                commands.command("healthcheck", "-verbose")))
        .remedy(
            new Remedy.Advice(
                "If it answers nothing, read its log: a database that hangs, a full disk, or"
                    + " another socket_path than the program's default keep it from answering"))
        .found(
            inPod
                ? "The SPIRE server "
                    + name.namespace()
                    + "/"
                    + name.name()
                    + (answers
                        ? " runs, but does not list its entries"
                        : " runs, but does not answer when it is asked for its entries")
                : "The SPIRE server does not answer on its socket "
                    + name.name()
                    + " when it is asked for its entries");
  }

  /** It was taking too long, or was too much, for this program. */
  private static boolean isGivenUp(Unseen<?> unseen) {
    return GIVEN_UP.stream().anyMatch(unseen.why()::contains);
  }

  private static Outcome overNetwork(Name name, Finding.Builder finding) {
    return finding
        .remedy(
            new Remedy.Advice(
                "Correct --server-address if another SPIRE server was meant, and --trust-domain if"
                    + " it is of another trust domain than the SVID that is shown"))
        .remedy(
            new Remedy.Advice(
                "If it is the right one, look for what lies between (firewall, proxy, a load"
                    + " balancer that ends TLS), and read the server's log"))
        .found(
            "The SPIRE server at "
                + name.name()
                + " could not be asked for its entries over the network");
  }

  private static Optional<Component> server(ClusterCase cluster, Name name) {
    return cluster.evidence().servers().stream()
        .filter(server -> server.pods().stream().anyMatch(pod -> is(name, pod)))
        .findFirst();
  }

  private static boolean is(Name name, Pod pod) {
    return pod.inWords().equals(name.namespace() + "/" + name.name());
  }

  private static Optional<Finding.Quote> complaint(
      ClusterCase cluster, Component server, Name name) {
    return server.pods().stream()
        .filter(pod -> is(name, pod))
        .flatMap(
            pod ->
                server.role().container(pod).stream()
                    .flatMap(c -> CrashReason.in(cluster.evidence().log(pod, c.name())).stream())
                    .map(line -> new Finding.Quote("log of " + pod.inWords(), line.inShort())))
        .findFirst();
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.SERVER_DOWN, Effect.SERVER_NOT_READY);
  }
}
