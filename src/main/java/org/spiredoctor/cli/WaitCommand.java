package org.spiredoctor.cli;

import io.spiffe.spiffeid.SpiffeId;
import io.spiffe.spiffeid.TrustDomain;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.cli.options.EndpointOptions;
import org.spiredoctor.cli.options.TerminationLogOption;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.evidence.Address;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.evidence.Gathering;
import org.spiredoctor.evidence.PodQuery;
import org.spiredoctor.pod.PodInspector;
import org.spiredoctor.report.Untrusted;
import org.spiredoctor.spire.Endpoint;
import org.spiredoctor.wait.Goal;
import org.spiredoctor.wait.PodWorld;
import org.spiredoctor.wait.Result;
import org.spiredoctor.wait.Result.End;
import org.spiredoctor.wait.WaitLimits;
import org.spiredoctor.wait.WaitVerdict;
import org.spiredoctor.wait.Waiter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spire-doctor wait}. */
@Command(
    name = "wait",
    description = "Wait until the Workload API serves; made for init containers",
    footerHeading =
        "%nExit codes: 0 ready, 1 not ready, 2 wrong usage, 3 failed unexpectedly,"
            + " 143 stopped by SIGTERM%n",
    footer = {
      "%nExamples:",
      "  spire-doctor wait --timeout 120s",
      "  spire-doctor wait --for identity=spiffe://example.org/integration-test",
      "  spire-doctor wait --socket unix:///spire-socket/api.sock --for socket"
    })
final class WaitCommand implements Callable<Integer> {
  /** A verdict takes milliseconds; what hangs must not keep the pod from ending. */
  private static final Duration VERDICT = Duration.ofSeconds(3);

  private final Terminal terminal;
  private @Nullable Interruption interruption;

  @Option(
      names = "--for",
      paramLabel = "GOAL",
      defaultValue = "serving",
      description = {
        "What to wait for (default: serving):",
        "  socket: there is a socket",
        "  serving: an agent answers, be it 'no identity issued'",
        "  identity[=SPIFFE-ID]: a valid X.509-SVID is served"
      })
  private Goal goal = new Goal.Serving();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "120s",
      description = "When to give up (default: 120s)")
  private Duration timeout = Duration.ZERO;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "2s",
      description = "Between two lines of progress (default: 2s)")
  private Duration interval = Duration.ZERO;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "5s",
      description = "Sleep this long after the socket appeared; only --for socket (default: 5s)")
  private Duration grace = Duration.ZERO;

  @Option(
      names = "--keep-waiting",
      description =
          "Go on where waiting cannot help: no volume mounted, something else than a socket there")
  private boolean keepWaiting;

  @Option(
      names = {"-q", "--quiet"},
      description = "No progress")
  private boolean quiet;

  @Mixin private EndpointOptions endpoint = new EndpointOptions();
  @Mixin private TerminationLogOption terminationLog = new TerminationLogOption();

  WaitCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws UsageException, InterruptedException {
    try {
      return waitAndTell();
    } finally {
      if (interruption != null) {
        interruption.close();
      }
    }
  }

  private int waitAndTell() throws UsageException, InterruptedException {
    PodQuery query = query();
    Clock clock = Clock.systemUTC();
    PodInspector inspector = new PodInspector(Path.of("/"), terminal.environment());
    Endpoint where = query.address().endpoint().orElse(null);
    Result result =
        where == null
            ? new Result(End.HOPELESS, Duration.ZERO, false, List.of())
            : await(where, goal(query), inspector, clock);
    WaitVerdict verdict = new WaitVerdict(result, terminal, terminationLog.log());
    if (result.end() != End.READY) {
      verdict.notReady(examine(result, query, inspector, clock));
      return result.end() == End.STOPPED ? ExitCode.STOPPED : ExitCode.PROBLEMS;
    }
    verdict.ready(
        goal instanceof Goal.Identity
            ? examine(result, query, inspector, clock).causes()
            : Stream.empty());
    return ExitCode.OK;
  }

  private PodQuery query() throws UsageException {
    Address address = endpoint.address(terminal.environment());
    Optional<SpiffeId> id =
        goal instanceof Goal.Identity identity ? identity.id() : Optional.empty();
    Optional<TrustDomain> domain = endpoint.trustDomain(terminal.environment());
    if (interval.isZero()) {
      throw new UsageException("--interval must be more than nothing");
    }
    if (goal instanceof Goal.Socket && address.endpoint().orElse(null) instanceof Endpoint.Tcp) {
      throw new UsageException(
          "--for socket makes no sense with " + address.text() + ": use --for serving");
    }
    if (id.isPresent() && domain.isPresent() && !id.get().memberOf(domain.get())) {
      throw new UsageException(
          "--for identity=" + id.get() + " contradicts the trust domain " + domain.get().getName());
    }
    return new PodQuery(address, id, domain, Optional.empty(), List.of());
  }

  private Goal goal(PodQuery query) {
    return goal instanceof Goal.Identity identity
        ? new Goal.Identity(identity.id(), query.trustDomain())
        : goal;
  }

  /** Waits; a signal ends it, and the process stays until the verdict is told. */
  private Result await(Endpoint where, Goal until, PodInspector inspector, Clock clock)
      throws InterruptedException {
    Consumer<String> progress = quiet ? _ -> {} : line -> terminal.print(Untrusted.clean(line));
    WaitLimits limits = new WaitLimits(timeout, interval, grace, keepWaiting);
    PodWorld world = new PodWorld(where, inspector, clock);
    interruption = new Interruption(() -> stop(world), VERDICT);
    Result result = new Waiter(world, until, limits, progress).await();
    if (result.end() != End.READY) {
      world.close();
    }
    // Else the process ends at once, and with it the connection: taking it down by hand takes
    // longer than all that is left to do.
    return result;
  }

  private static boolean stop(PodWorld world) {
    world.stop();
    return true;
  }

  private static Report examine(
      Result result, PodQuery query, PodInspector inspector, Clock clock) {
    Evidence evidence =
        new Evidence(
            clock.instant(),
            query,
            query.address().endpoint().flatMap(Gathering::lookAt),
            inspector.look(),
            result.attempts());
    return Diagnosis.examine(evidence, Rules.all()).after(result.after());
  }
}
