package org.spiredoctor.cli;

import io.spiffe.spiffeid.SpiffeId;
import io.spiffe.spiffeid.TrustDomain;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Asked;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.evidence.Gathering;
import org.spiredoctor.evidence.cluster.Wanted;
import org.spiredoctor.kube.Connection;
import org.spiredoctor.pod.LookAround;
import org.spiredoctor.report.EvidenceText;
import org.spiredoctor.report.JsonReport;
import org.spiredoctor.report.TextReport;
import org.spiredoctor.report.YamlReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spire-doctor check}. */
@Command(
    name = "check",
    description = {
      "Find out why a pod has no SPIFFE identity, prove it, and say what mends it.",
      "In a pod it examines the socket, the Workload API and the identity of this process; outside"
          + " of one the cluster: server, agents, entries, pods and nodes."
    },
    footerHeading =
        "%nExit codes: 0 healthy, 1 problems, 2 wrong usage, 3 could not be determined%n",
    footer = {
      "%nExamples:",
      "  spire-doctor check",
      "  spire-doctor check apps/web-0",
      "  spire-doctor check -n apps -l app=web --wait 2m",
      "  spire-doctor check --save evidence.json.gz",
      "  spire-doctor check --from evidence.json.gz -o json",
      "  spire-doctor check --spiffe-id spiffe://example.org/integration-test"
    })
final class CheckCommand implements Callable<Integer> {
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final Terminal terminal;

  /** How the report is written. */
  enum Format {
    text,
    json,
    yaml
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, json or yaml (default: text)")
  private Format format = Format.text;

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
      description = "Make the changes of entries that mend what was found; each is shown first")
  private boolean fix;

  @Option(names = "--yes", description = "With --fix: do not ask")
  private boolean yes;

  @Option(names = "--strict", description = "Exit with 1 for warnings too")
  private boolean strict;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "35s",
      description = "How long one call may take (default: 35s, as attestation may take 30s)")
  private Duration timeout = Gathering.ANSWER_LIMIT;

  @Option(names = "--spiffe-id", paramLabel = "SPIFFE-ID", description = "Expect this identity")
  private @Nullable SpiffeId spiffeId;

  @Option(
      names = "--audience",
      paramLabel = "AUDIENCE",
      description = "Also fetch a JWT-SVID for this audience")
  private @Nullable String audience;

  @Option(
      names = "--federates-with",
      paramLabel = "NAME",
      split = ",",
      description = "Expect the bundles of these trust domains too")
  private List<TrustDomain> federatesWith = new ArrayList<>();

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private EndpointOptions endpoint = new EndpointOptions();
  @Mixin private TerminationLog terminationLog = new TerminationLog();

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
    if (fix && cluster.from().isPresent()) {
      throw new UsageException("--fix changes a cluster: it does not go with --from");
    }
    Asked asked = asked();
    LookAround lookAround = new LookAround(Path.of("/"), terminal.environment());
    Examination examination =
        ofCluster(asked, lookAround)
            ? of(wanted(asked), rules)
            : () -> ofThisProcess(asked, lookAround, rules);
    Report report = untilHealthy(examination);
    if (fix && fixes(asked, report)) {
      // What was changed reaches the agents within seconds; whether it helped is to be seen.
      report = untilHealthy(examination);
    }
    terminal
        .out()
        .print(
            switch (format) {
              case json -> JsonReport.render(report);
              case yaml -> YamlReport.render(report);
              case text -> TextReport.render(report, terminal.style());
            });
    terminationLog.writeAsMain(TerminationLog.verdict(headline(report), report), terminal);
    return code(report);
  }

  private boolean fixes(Asked asked, Report report) throws UsageException, InterruptedException {
    return new Fixes(cluster.connection(), terminal, yes).apply(report, wanted(asked));
  }

  /** Something that can be done again. */
  private interface Examination {
    Report report() throws UsageException, InterruptedException;
  }

  private Examination of(Wanted wanted, List<Rule> rules) {
    ClusterCheck check = new ClusterCheck(cluster.connection(), terminal);
    return () -> check.run(cluster, wanted, rules);
  }

  /** Examines once; or with {@code --wait} again and again, until all is well or time is over. */
  private Report untilHealthy(Examination examination) throws UsageException, InterruptedException {
    long began = System.nanoTime();
    while (true) {
      Report report = examination.report();
      Duration waited = Duration.ofNanos(System.nanoTime() - began);
      if (report.verdict() == Report.Verdict.HEALTHY || waited.compareTo(patience) >= 0) {
        return report;
      }
      String first =
          report.causes().findFirst().map(f -> f.id()).orElse("not everything could be told");
      terminal.say(
          "Not healthy yet: "
              + first
              + " (waited "
              + waited.toSeconds()
              + "s of "
              + patience.toSeconds()
              + "s)");
      Thread.sleep(AGAIN);
    }
  }

  /**
   * Whether the cluster is examined: when it is asked for, and outside of a pod unless something
   * points to a socket here.
   */
  private boolean ofCluster(Asked asked, LookAround lookAround) {
    if (cluster.given()) {
      return true;
    }
    return switch (asked.address().origin()) {
      case FLAG, VARIABLE -> false;
      case DETECTED -> !lookAround.look().inPod() && Connection.configured();
      case DEFAULT -> !lookAround.look().inPod();
    };
  }

  private Wanted wanted(Asked asked) throws UsageException {
    return cluster.wanted(
        terminal.environment(),
        asked.trustDomain().map(TrustDomain::getName),
        asked.spiffeId().map(SpiffeId::toString),
        asked.federatesWith().stream().map(TrustDomain::getName).toList());
  }

  private Report ofThisProcess(Asked asked, LookAround lookAround, List<Rule> rules)
      throws InterruptedException {
    long began = System.nanoTime();
    Evidence evidence =
        new Gathering(lookAround, Clock.systemUTC(), timeout, terminal::say).gather(asked);
    if (verbose && format == Format.text) {
      terminal.out().print(EvidenceText.render(evidence, terminal.style()));
    }
    return Diagnosis.examine(evidence, rules, Duration.ofNanos(System.nanoTime() - began));
  }

  private Asked asked() throws UsageException {
    Optional<TrustDomain> domain = endpoint.trustDomain(terminal.environment());
    if (spiffeId != null && domain.isPresent() && !spiffeId.memberOf(domain.get())) {
      throw new UsageException(
          "--spiffe-id " + spiffeId + " contradicts the trust domain " + domain.get().getName());
    }
    if (timeout.isZero()) {
      throw new UsageException("--timeout must be more than nothing");
    }
    return new Asked(
        endpoint.address(terminal.environment()),
        Optional.ofNullable(spiffeId),
        domain,
        Optional.ofNullable(audience),
        List.copyOf(federatesWith));
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
