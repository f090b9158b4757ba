package org.spiredoctor.register;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.registration.Change.Action;
import org.spiredoctor.registration.Declared;
import org.spiredoctor.registration.Origin;
import org.spiredoctor.registration.Parents;
import org.spiredoctor.registration.Plan;
import org.spiredoctor.registration.Problem;
import org.spiredoctor.registration.server.RegistrationOutcome;
import org.spiredoctor.registration.server.RegistrationReport;
import org.spiredoctor.registration.server.RegistrationReport.Verdict;
import org.spiredoctor.report.RegistrationJson;
import org.spiredoctor.report.RegistrationText;
import org.spiredoctor.report.ReportFormat;
import org.spiredoctor.report.TextReport;
import org.spiredoctor.report.Untrusted;
import org.spiredoctor.report.YamlReport;

/** What {@code register} prints, and the ends that go with it. */
public final class RegistrationOutput {
  private final Sight sight;
  private final Optional<RegistrationTarget> target;
  private final RegistrationRequest request;
  private final Terminal terminal;
  private List<Problem> forced = List.of();

  /** Looks at all of the cluster that may explain why nothing can be registered. */
  interface Sight {
    ClusterCase see() throws InterruptedException;
  }

  RegistrationOutput(
      Sight sight,
      Optional<RegistrationTarget> target,
      RegistrationRequest request,
      Terminal terminal) {
    this.sight = sight;
    this.target = target;
    this.request = request;
    this.terminal = terminal;
  }

  /** What declarations in files have wrong with them. */
  public static void wrong(List<Problem> problems, ReportFormat format, Terminal terminal) {
    terminal.err().print(RegistrationText.problems(problems, terminal.style()));
    terminal.complain("nothing was changed: the declarations are wrong");
    if (format != ReportFormat.text) {
      RegistrationReport report =
          new RegistrationReport(
              Verdict.REFUSED,
              "",
              "not asked",
              0,
              List.of(),
              List.of(),
              problems,
              Optional.empty(),
              List.of());
      print(report, format, terminal);
    }
  }

  /** What is doubtful, and gone over. */
  void forced(List<Problem> problems) {
    forced = problems;
    if (text() && !problems.isEmpty()) {
      terminal.err().print(RegistrationText.problems(problems, terminal.style()));
      terminal.say("Going on by --force.");
    }
  }

  private boolean text() {
    return request.format() == ReportFormat.text;
  }

  private void print(RegistrationReport report) {
    print(report, request.format(), terminal);
  }

  private static void print(RegistrationReport report, ReportFormat format, Terminal terminal) {
    String json = RegistrationJson.render(report);
    terminal.out().print(format == ReportFormat.yaml ? YamlReport.of(json) : json);
  }

  private RegistrationReport report(Verdict verdict, Plan plan, RegistrationOutcome outcome) {
    return report(verdict, plan, outcome, forced, List.of());
  }

  private RegistrationReport refusal(List<Problem> problems, List<String> commands) {
    Plan nothing = new Plan(List.of(), List.of());
    return report(
        Verdict.REFUSED, nothing, RegistrationOutcome.planned(nothing), problems, commands);
  }

  private RegistrationReport report(
      Verdict verdict,
      Plan plan,
      RegistrationOutcome outcome,
      List<Problem> problems,
      List<String> commands) {
    return new RegistrationReport(
        verdict,
        target.flatMap(RegistrationTarget::trustDomain).orElse(""),
        target.map(RegistrationTarget::inWords).orElse("none was reached"),
        target.map(found -> found.agents().size()).orElse(0),
        outcome.steps(),
        plan.leftOver(),
        problems,
        outcome.trouble(),
        commands);
  }

  /** Shows what will be done; in JSON it is a part of what is printed in the end. */
  void plan(Plan plan) {
    if (text()) {
      terminal
          .out()
          .print(
              RegistrationText.plan(
                  plan,
                  target.map(RegistrationTarget::inWords).orElse(""),
                  terminal.style(),
                  request.verbose()));
    }
  }

  /** Nothing was to be done. */
  RegistrationEnd planned(Plan plan) {
    if (!text()) {
      print(report(Verdict.PLANNED, plan, RegistrationOutcome.planned(plan)));
    }
    if (plan.count(Action.CONFLICT) > 0) {
      return RegistrationEnd.PROBLEMS;
    }
    return plan.isDone() ? RegistrationEnd.DONE : RegistrationEnd.CHANGES;
  }

  /** What came of it. */
  RegistrationEnd finished(Plan plan, RegistrationOutcome outcome) {
    RegistrationReport report =
        report(outcome.allDone() ? Verdict.DONE : Verdict.FAILED, plan, outcome);
    if (text()) {
      terminal.out().print(RegistrationText.result(report, terminal.style(), request.verbose()));
    } else {
      print(report);
    }
    return outcome.allDone() ? RegistrationEnd.DONE : RegistrationEnd.PROBLEMS;
  }

  /** It could not become true. */
  RegistrationEnd refused(List<Problem> problems) {
    if (text()) {
      terminal.out().print(RegistrationText.problems(problems, terminal.style()));
      terminal.say("Nothing was changed." + hint(problems));
    } else {
      print(refusal(problems, List.of()));
    }
    return RegistrationEnd.PROBLEMS;
  }

  private static String hint(List<Problem> problems) {
    return problems.stream().allMatch(problem -> problem.field().equals("parentID"))
        ? " --force registers all the same."
        : "";
  }

  /** No entry would be served: why, is told. */
  RegistrationEnd withoutAgent() throws InterruptedException {
    Report diagnosis = diagnosis(sight.see());
    if (text()) {
      terminal.out().print(TextReport.render(diagnosis, terminal.style()));
      terminal.out().println();
      terminal.print(
          "✗ Nothing was changed: no agent is attested, so that no entry would be served.");
      terminal.print("  --force registers all the same.");
    } else {
      print(refusal(causes(diagnosis, "no agent is attested"), List.of()));
    }
    return RegistrationEnd.PROBLEMS;
  }

  /** Nobody can be told to register: why, and what to do by hand where it can be reached. */
  RegistrationEnd withoutServer(List<Declared> declared, EntryOwner owner)
      throws InterruptedException {
    ClusterCase cluster = sight.see();
    Report diagnosis = diagnosis(cluster);
    InstallationCase home = cluster.installations().getFirst();
    List<String> commands = commands(home, declared, owner);
    if (text()) {
      terminal.out().print(TextReport.render(diagnosis, terminal.style()));
      terminal.out().println();
      terminal.print("✗ Nothing was changed: no SPIRE server told its entries and agents.");
      terminal.print("  By hand, where it can be reached:" + without(home, declared));
      terminal.out().println();
      commands.forEach(command -> terminal.out().println(Untrusted.harmless(command)));
    } else {
      print(refusal(causes(diagnosis, "no SPIRE server told its entries and agents"), commands));
    }
    return RegistrationEnd.UNKNOWN;
  }

  private static Report diagnosis(ClusterCase cluster) {
    return Diagnosis.examine(cluster, Rules.all());
  }

  private static List<Problem> causes(Report diagnosis, String first) {
    List<Problem> problems = new ArrayList<>();
    problems.add(new Problem(Origin.NONE, "", first));
    diagnosis
        .causes()
        .map(finding -> new Problem(Origin.NONE, finding.id(), finding.summary()))
        .forEach(problems::add);
    return List.copyOf(problems);
  }

  private static List<String> commands(
      InstallationCase home, List<Declared> declared, EntryOwner owner) {
    Stream<Declared> aliases =
        Parents.of(declared, List.of(), List.of(), home.aliasSelectors()).aliases().stream();
    return Stream.concat(aliases, declared.stream())
        .map(one -> one.hinted() ? one.entry() : hinted(one.entry(), owner))
        .map(home.commands()::creating)
        .collect(Collectors.toList());
  }

  /** What the commands leave out, or take for granted. */
  private static String without(InstallationCase home, List<Declared> declared) {
    boolean nodesOnly = declared.stream().allMatch(one -> one.entry().forNodes());
    return (nodesOnly || !home.aliasSelectors().isEmpty()
            ? ""
            : "\n  The node alias is left out: which selectors its agents have was not seen.")
        + (home.trustDomain().isPresent()
            ? ""
            : "\n  The trust domain was not seen: --trust-domain says which it is.");
  }

  private static Entry hinted(Entry entry, EntryOwner owner) {
    return entry.named("", owner.hint(entry.spiffeId()));
  }
}
