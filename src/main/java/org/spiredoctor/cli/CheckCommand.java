package org.spiredoctor.cli;

import io.spiffe.spiffeid.SpiffeId;
import io.spiffe.spiffeid.TrustDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.Callable;
import org.spiredoctor.check.ClusterCheck;
import org.spiredoctor.check.EntryFixer;
import org.spiredoctor.check.PodCheck;
import org.spiredoctor.check.RepeatedCheck;
import org.spiredoctor.check.RuleChoice;
import org.spiredoctor.cli.options.ClusterOptions;
import org.spiredoctor.cli.options.EndpointOptions;
import org.spiredoctor.cli.options.Expectations;
import org.spiredoctor.cli.options.TerminationLogOption;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.console.TerminationLog;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.PodQuery;
import org.spiredoctor.evidence.cluster.ClusterAccess;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.Scope;
import org.spiredoctor.kube.Connection;
import org.spiredoctor.pod.PodInspector;
import org.spiredoctor.report.ClusterEvidenceText;
import org.spiredoctor.report.ReportFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spire-doctor check}. */
@Command(
    name = "check",
    description = {
      "Find out why a pod has no SPIFFE identity, prove it, and say what fixes it.",
      "In a pod it examines the socket, the Workload API and the identity of this process; outside"
          + " of one the cluster: server, agents, entries, pods and nodes."
    },
    footerHeading =
        "%nExit codes: 0 healthy, 1 problems, 2 wrong usage or output not written, 3 could not be"
            + " determined%n",
    footer = {
      "%nExamples:",
      "  spire-doctor check",
      "  spire-doctor check apps/web-0",
      "  spire-doctor check -n apps -l app=web --wait 2m",
      "  spire-doctor check --server-socket /tmp/spire-server/private/api.sock",
      "  spire-doctor check --save evidence.json.gz",
      "  spire-doctor check --from evidence.json.gz -o json",
      "  spire-doctor check --spiffe-id spiffe://example.org/integration-test"
    })
final class CheckCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, json or yaml (default: text)")
  private ReportFormat format = ReportFormat.text;

  @Option(
      names = {"-v", "--verbose"},
      description = "Also what was looked at, and who set what")
  private boolean verbose;

  @Option(names = "--list", description = "List the rules, and check nothing")
  private boolean list;

  @Option(names = "--only", paramLabel = "ID", split = ",", description = "Apply these rules only")
  private List<String> only = new ArrayList<>();

  @Option(names = "--skip", paramLabel = "ID", split = ",", description = "Leave these rules out")
  private List<String> skip = new ArrayList<>();

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "0s",
      description = "Check again until all is healthy, at most so long (as 2m)")
  private Duration patience = Duration.ZERO;

  @Option(
      names = "--fix",
      description =
          "Ask for each change of an entry that repairs what was found, then make it. Apart from a"
              + " missing node alias, which lets existing entries reach their pods, it gives no pod"
              + " an identity unless the pod and --spiffe-id are named")
  private boolean fix;

  @Option(
      names = "--yes",
      description =
          "With --fix: apply without asking. An expired entry is extended only if the pod and"
              + " --spiffe-id are named; a node alias is created only if no pods gain that were"
              + " not asked about.")
  private boolean yes;

  @Option(names = "--strict", description = "Exit with 1 for warnings too")
  private boolean strict;

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private EndpointOptions endpoint = new EndpointOptions();
  @Mixin private Expectations expected = new Expectations();
  @Mixin private TerminationLogOption terminationLog = new TerminationLogOption();

  /** Over a large fleet. */
  private static final Duration VERDICT = Duration.ofSeconds(20);

  private Optional<ClusterCheck> clusterCheck = Optional.empty();

  CheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws UsageException, InterruptedException {
    List<Rule> rules = RuleChoice.choose(only, skip);
    if (list) {
      RuleChoice.list(rules).forEach(terminal::print);
      return ExitCode.OK;
    }
    if (yes && !fix) {
      throw new UsageException("--yes answers what --fix asks: it does not go without --fix");
    }
    if (fix && cluster.from().isPresent()) {
      throw new UsageException("--fix changes a cluster: it does not go with --from");
    }
    PodQuery podQuery = expected.query(endpoint, terminal.environment());
    PodInspector inspector = new PodInspector(Path.of("/"), terminal.environment());
    ClusterAccess access = cluster.connection().access(podQuery.address(), podQuery.trustDomain());
    RepeatedCheck.Examination examination =
        ofCluster(podQuery, inspector)
            ? of(query(podQuery), access, rules)
            : () ->
                new PodCheck(inspector, expected.timeout(), terminal)
                    .run(podQuery, rules, verbose && format == ReportFormat.text);
    RepeatedCheck waiting = new RepeatedCheck(patience, terminal);
    try (Interruption _ = new Interruption(() -> stop(waiting), VERDICT)) {
      return tell(examination, waiting, access);
    }
  }

  private boolean stop(RepeatedCheck waiting) {
    boolean stopping = clusterCheck.map(ClusterCheck::stop).orElse(false);
    return waiting.end(stopping) || stopping;
  }

  private int tell(
      RepeatedCheck.Examination examination, RepeatedCheck waiting, ClusterAccess access)
      throws UsageException, InterruptedException {
    Report report = waiting.untilHealthy(examination);
    if (fix && !waiting.isEnded() && fixes(report, waiting, access)) {
      // What was changed reaches the agents within seconds; whether it helped is to be seen.
      report = waiting.untilHealthy(examination);
    }
    terminal.out().print(format.render(report, terminal.style()));
    terminationLog.log().writeAsMain(TerminationLog.verdict(headline(report), report), terminal);
    // The report comes first: it is not lost for a file that cannot be written.
    return clusterCheck.map(check -> check.save(cluster.save())).orElse(true)
        ? code(report)
        : ExitCode.USAGE;
  }

  private boolean fixes(Report report, RepeatedCheck waiting, ClusterAccess access)
      throws InterruptedException {
    waiting.ask();
    boolean changed =
        new EntryFixer(access, terminal, yes, new Scanner(System.in, terminal.out().charset()))
            .apply(report);
    waiting.know();
    return changed;
  }

  private RepeatedCheck.Examination of(ClusterQuery query, ClusterAccess access, List<Rule> rules) {
    ClusterCheck check = new ClusterCheck(access, terminal);
    clusterCheck = Optional.of(check);
    // What is shown or saved is all.
    Scope scope = verbose || cluster.save().isPresent() ? Scope.EVERYTHING : Scope.VERDICT;
    return () -> check.run(cluster.from(), query, scope, rules, this::look);
  }

  private void look(ClusterEvidence evidence) {
    if (verbose && format == ReportFormat.text) {
      terminal.out().print(ClusterEvidenceText.render(evidence, terminal.style()));
    }
  }

  /**
   * Whether the cluster is examined: when it is asked for, and outside of a pod unless something
   * points to a socket here. A job of a CI that runs in a pod has a kubeconfig where it means a
   * cluster.
   */
  private boolean ofCluster(PodQuery podQuery, PodInspector inspector) {
    if (cluster.given()) {
      return true;
    }
    // One that is not there is to be complained of, not passed over.
    boolean named = !terminal.environment().getOrDefault("KUBECONFIG", "").isEmpty();
    return switch (podQuery.address().origin()) {
      case FLAG, VARIABLE -> false;
      case DETECTED -> !inspector.look().inPod() && (named || Connection.configured());
      case DEFAULT -> !inspector.look().inPod() || named;
    };
  }

  private ClusterQuery query(PodQuery podQuery) throws UsageException {
    ClusterQuery query =
        cluster.query(
            terminal.environment(),
            podQuery.trustDomain().map(TrustDomain::getName),
            podQuery.spiffeId().map(SpiffeId::toString),
            podQuery.federatesWith().stream().map(TrustDomain::getName).toList());
    // What a change does to others is to be known before it is made, and what is saved is all.
    return fix || cluster.save().isPresent() ? query : query.ofLittle();
  }

  private static String headline(Report report) {
    return switch (report.verdict()) {
      case HEALTHY -> "Workload API healthy";
      case PROBLEMS -> "Workload API has problems";
      case UNKNOWN -> "Workload API could not be judged";
    };
  }

  private int code(Report report) {
    return switch (report.verdict()) {
      case HEALTHY ->
          strict && report.count(Severity.WARNING) > 0 ? ExitCode.PROBLEMS : ExitCode.OK;
      case PROBLEMS -> ExitCode.PROBLEMS;
      case UNKNOWN -> ExitCode.UNKNOWN;
    };
  }
}
