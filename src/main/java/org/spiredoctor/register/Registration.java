package org.spiredoctor.register;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.check.ClusterCheck;
import org.spiredoctor.console.ProgressLine;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.evidence.cluster.ClusterAccess;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Scope;
import org.spiredoctor.registration.Declarations;
import org.spiredoctor.registration.Declared;
import org.spiredoctor.registration.Fitness;
import org.spiredoctor.registration.Origin;
import org.spiredoctor.registration.Parents;
import org.spiredoctor.registration.Plan;
import org.spiredoctor.registration.Planner;
import org.spiredoctor.registration.Problem;
import org.spiredoctor.registration.server.EntryStore;
import org.spiredoctor.registration.server.Realization;
import org.spiredoctor.registration.server.Registrar;
import org.spiredoctor.registration.server.RegistrationOutcome;

/** {@code register}, step by step: look, plan, show, make, read back, follow through. */
public final class Registration {
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final ClusterAccess access;
  private final RegistrationRequest request;
  private final Terminal terminal;

  /** Asks nobody yet; what it says is said on the terminal. */
  public Registration(ClusterAccess access, RegistrationRequest request, Terminal terminal) {
    this.access = access;
    this.request = request;
    this.terminal = terminal;
  }

  /** Does it. */
  public RegistrationEnd run() throws UsageException, InterruptedException {
    try (ClusterCheck check = new ClusterCheck(access, terminal)) {
      Scope scope = scope(request.declarations());
      return run(new ClusterCase(check.lookBeforeChanges(request.query(), scope)), check);
    }
  }

  /** What of a cluster has to be seen to register what is declared. */
  public static Scope scope(Declarations declarations) {
    return declarations.federate() ? Scope.REGISTRATION : Scope.ENTRIES;
  }

  /**
   * Does it in a cluster that was looked at just now.
   *
   * @param cluster seen in the {@link #scope}, at least
   * @param check that has looked at it
   */
  public RegistrationEnd run(ClusterCase cluster, ClusterCheck check)
      throws UsageException, InterruptedException {
    Optional<RegistrationTarget> found = RegistrationTarget.of(cluster);
    String domain =
        request
            .query()
            .trustDomain()
            .or(() -> found.flatMap(RegistrationTarget::trustDomain))
            .or(() -> cluster.installations().getFirst().trustDomain())
            .orElse("example.org");
    List<Declared> declared = request.declarations().in(domain);
    RegistrationOutput output =
        new RegistrationOutput(() -> check.whole(cluster), found, request, terminal);
    if (found.isEmpty()) {
      return output.withoutServer(declared, request.ownership().owner());
    }
    RegistrationTarget target = found.get();
    if (target.agents().isEmpty() && !request.force()) {
      return output.withoutAgent();
    }
    Parents parents =
        Parents.of(declared, target.entries(), target.agents(), target.home().aliasSelectors());
    List<Problem> problems = new ArrayList<>(target.unseen());
    problems.addAll(fitness(declared, target));
    problems.addAll(absent(request.guessed(), target.evidence()));
    if (!request.force()) {
      problems.addAll(parents.problems());
    }
    if (!problems.isEmpty()) {
      return output.refused(problems);
    }
    output.forced(parents.problems());
    List<Declared> all = new ArrayList<>(parents.aliases());
    all.addAll(declared);
    Planner planner = new Planner(List.copyOf(all), request.ownership(), request.prune());
    return carryOut(target, check, planner, output);
  }

  /** Entries for a namespace that nobody named and that is not there would serve no pod. */
  static List<Problem> absent(Optional<String> guessed, ClusterEvidence evidence) {
    return guessed.stream()
        .filter(name -> !evidence.hasNamespace(name).orElse(true))
        .map(
            name ->
                new Problem(
                    Origin.NONE,
                    "",
                    "the workloads' namespace is not given, and "
                        + name
                        + ", which is the default, does not exist: name it with --namespace"))
        .toList();
  }

  private static List<Problem> fitness(List<Declared> declared, RegistrationTarget target) {
    return Fitness.of(
        declared,
        target.trustDomain(),
        target.federated(),
        target.controller().isPresent(),
        target.evidence().at());
  }

  private RegistrationEnd carryOut(
      RegistrationTarget target, ClusterCheck check, Planner planner, RegistrationOutput output)
      throws UsageException, InterruptedException {
    Plan bare = planner.against(target.declared());
    Plan plan =
        target
            .home()
            .impacts()
            .map(impacts -> bare.withImpacts(impacts, target.entries()))
            .orElse(bare);
    output.plan(plan);
    if (request.dryRun()) {
      return output.planned(plan);
    }
    RegistrationOutcome outcome;
    try (ProgressLine progress = ProgressLine.begin(terminal)) {
      outcome = made(target, check, planner, plan, progress);
    } catch (IOException e) {
      return output.finished(plan, RegistrationOutcome.none(plan, String.valueOf(e.getMessage())));
    }
    Optional<String> followed = Optional.empty();
    if (outcome.allDone() && !request.patience().isZero()) {
      followed = new AgentSync(access, request, terminal).after(target, outcome);
    }
    return output.finished(plan, followed.map(outcome::but).orElse(outcome));
  }

  private RegistrationOutcome made(
      RegistrationTarget target,
      ClusterCheck check,
      Planner planner,
      Plan plan,
      ProgressLine progress)
      throws IOException, InterruptedException {
    if (plan.isDone() && target.controller().isEmpty()) {
      return RegistrationOutcome.asItIs(plan);
    }
    // Both are opened before anything is changed.
    try (EntryStore server = target.direct(check, access.server());
        EntryStore store = target.store(access, server)) {
      RegistrationOutcome outcome =
          plan.isDone()
              ? RegistrationOutcome.asItIs(plan)
              : new Registrar(store, planner, Registration::pause, progress)
                  .apply(plan, target.declared());
      return target.controller().isPresent() && outcome.trouble().isEmpty()
          ? new Realization(server, Registration::pause, progress).await(outcome)
          : outcome;
    }
  }

  private static void pause() throws InterruptedException {
    Thread.sleep(AGAIN);
  }
}
