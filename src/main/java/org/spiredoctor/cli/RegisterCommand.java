package org.spiredoctor.cli;

import io.spiffe.spiffeid.TrustDomain;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.cli.options.ClusterConnection;
import org.spiredoctor.cli.options.DeclarationOptions;
import org.spiredoctor.cli.options.EndpointOptions;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.evidence.cluster.ClusterAccess;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.register.Registration;
import org.spiredoctor.register.RegistrationEnd;
import org.spiredoctor.register.RegistrationOutput;
import org.spiredoctor.register.RegistrationRequest;
import org.spiredoctor.registration.Declared;
import org.spiredoctor.registration.Ownership;
import org.spiredoctor.registration.RegistrationFile;
import org.spiredoctor.report.ReportFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spire-doctor register}. */
@Command(
    name = "register",
    description = {
      "Make the entries of a SPIRE server equal to what is declared; a second run changes nothing.",
      "Node aliases that are missing are made too. Nothing is deleted without --prune, and what"
          + " somebody else created is not changed without --adopt."
    },
    footerHeading =
        "%nExit codes: 0 done, 1 not all done or refused, 2 wrong usage or file, 3 no server was"
            + " reached, 4 --detailed-exitcode: there are changes%n",
    footer = {
      "%nExamples:",
      "  spire-doctor register --dry-run",
      "  spire-doctor register -n apps --service-account web --wait 30s",
      "  spire-doctor register -f entries.yaml --owner payments --prune",
      "  spire-doctor register -f entries.yaml --dry-run --detailed-exitcode",
      "  spire-doctor register -f entries.yaml --for-pod apps/web-0"
    })
final class RegisterCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = {"--dry-run", "--diff"},
      description = "Show what would be changed, and change nothing")
  private boolean dryRun;

  @Option(
      names = "--detailed-exitcode",
      description = "With --dry-run: exit with 4 when there is something to change")
  private boolean detailed;

  @Option(
      names = "--prune",
      description =
          "Also delete what was registered before by this owner and is no longer declared (with"
              + " --file: --owner must name the owner)")
  private boolean prune;

  @Option(
      names = "--adopt",
      description =
          "Take over entries that somebody else created: update them where they differ, and mark"
              + " them as this owner's")
  private boolean adopt;

  @Option(
      names = "--force",
      description = "Go on where no agent is attested, or none leads to a parent")
  private boolean force;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "0s",
      description = "Then wait until the agents have the entries, at most so long (as 30s)")
  private Duration patience = Duration.ZERO;

  @Option(
      names = "--for-pod",
      paramLabel = "[NAMESPACE/]POD",
      description =
          "Wait until this pod would be served too (--wait is 60s then); without NAMESPACE that of"
              + " the workloads, or with --file that of the kubeconfig's context")
  private @Nullable String pod;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, json or yaml (default: text)")
  private ReportFormat format = ReportFormat.text;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show every entry, be it many")
  private boolean verbose;

  @Mixin private DeclarationOptions declarations = new DeclarationOptions();
  @Mixin private ClusterConnection connection = new ClusterConnection();
  @Mixin private EndpointOptions endpoint = new EndpointOptions();

  RegisterCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The pods of the entries of a test are in the test's namespace. */
  private String qualified(String name, Map<String, String> environment) {
    return name.contains("/") || declarations.inFiles()
        ? name
        : declarations.namespace(environment) + "/" + name;
  }

  @Override
  public Integer call() throws UsageException, InterruptedException {
    if (detailed && !dryRun) {
      throw new UsageException("--detailed-exitcode goes with --dry-run");
    }
    if (dryRun && (pod != null || !patience.isZero())) {
      throw new UsageException("--wait and --for-pod do not go with --dry-run");
    }
    Map<String, String> environment = terminal.environment();
    Optional<TrustDomain> domain = endpoint.trustDomainOfTests(environment);
    Optional<List<Declared>> inFiles = Optional.empty();
    if (declarations.inFiles()) {
      if (declarations.namesWorkloads()) {
        throw new UsageException("--namespace and --service-account do not go with --file");
      }
      RegistrationFile.Reading reading = declarations.read(System.in);
      if (!reading.problems().isEmpty()) {
        RegistrationOutput.wrong(reading.problems(), format, terminal);
        return ExitCode.USAGE;
      }
      inFiles = Optional.of(reading.entries());
      if (prune && !declarations.namesOwner()) {
        throw new UsageException(
            "--prune deletes what this owner registered before: with --file, --owner NAME must say"
                + " who that is");
      }
    }
    ClusterAccess access = connection.access(endpoint.address(environment), domain);
    ClusterQuery query = connection.wantedOfSpire(environment, domain);
    EntryOwner owner =
        declarations.owner(
            inFiles.isPresent()
                ? EntryOwner.NOBODY
                : EntryOwner.ofNamespace(declarations.namespace(environment)));
    RegistrationRequest request =
        new RegistrationRequest(
            query,
            declarations.declarations(inFiles, environment),
            Ownership.of(owner).adopting(adopt),
            dryRun,
            prune,
            force,
            pod != null && patience.isZero() ? Duration.ofSeconds(60) : patience,
            Optional.ofNullable(pod).map(name -> qualified(name, environment)),
            Optional.of(declarations.namespace(environment))
                .filter(_ -> declarations.guessesNamespace(environment)),
            format,
            verbose);
    return code(new Registration(access, request, terminal).run());
  }

  private int code(RegistrationEnd end) {
    return switch (end) {
      case DONE -> ExitCode.OK;
      case CHANGES -> detailed ? ExitCode.CHANGES : ExitCode.OK;
      case PROBLEMS -> ExitCode.PROBLEMS;
      case UNKNOWN -> ExitCode.UNKNOWN;
    };
  }
}
