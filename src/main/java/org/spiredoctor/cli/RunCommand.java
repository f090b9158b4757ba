package org.spiredoctor.cli;

import io.spiffe.spiffeid.TrustDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.cli.options.ClusterConnection;
import org.spiredoctor.cli.options.DeclarationOptions;
import org.spiredoctor.cli.options.EndpointOptions;
import org.spiredoctor.cli.options.TestPodOptions;
import org.spiredoctor.console.FileFailure;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.evidence.cluster.ClusterAccess;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.pod.AnyPath;
import org.spiredoctor.pod.NewFile;
import org.spiredoctor.register.RegistrationOutput;
import org.spiredoctor.registration.Declared;
import org.spiredoctor.registration.RegistrationFile;
import org.spiredoctor.report.ReportFormat;
import org.spiredoctor.run.RunRequest;
import org.spiredoctor.run.TestRun;
import org.spiredoctor.run.binary.TestBinary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spire-doctor run}. */
@Command(
    name = "run",
    description = {
      "Run integration tests in a pod that has an identity: check the cluster, register entries,"
          + " start the pod, put the test binary into it, show its output, return its exit code.",
      "The binary is static; no image has to be built for it. Whatever happens, the pod is removed."
    },
    footerHeading =
        "%nExit codes: that of the tests; 125 when not they failed but what they run in, 2 wrong"
            + " usage%n",
    footer = {
      "%nExamples:",
      "  spire-doctor run ./tests.bin -- -test.v -test.run TestMTLS",
      "  spire-doctor run --package ./internal/spire --junit report.xml",
      "  spire-doctor run -n apps --volume csi --no-register ./tests.bin",
      "  spire-doctor run --keep --collect-on-failure evidence.json.gz ./tests.bin"
    })
final class RunCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "BINARY",
      arity = "0..*",
      description = "A static executable, and behind -- its arguments")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--package",
      paramLabel = "PACKAGE",
      description = "Instead of a binary: a Go package, built with CGO_ENABLED=0 go test -c")
  private @Nullable String goPackage;

  @Option(names = "--no-register", description = "Take the entries as they are")
  private boolean noRegister;

  @Option(
      names = "--no-check",
      description = "Start the tests though no entry leads to an identity of the pod")
  private boolean noCheck;

  @Option(names = "--keep", description = "Keep the pod (default: $KEEP, false)")
  private boolean keep;

  @Option(
      names = "--collect-on-failure",
      paramLabel = "FILE",
      description = "Write the evidence to this bundle when something fails")
  private @Nullable Path collect;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write the results of Go tests to this file, as JUnit does")
  private @Nullable Path junit;

  @Mixin private TestPodOptions pod = new TestPodOptions();
  @Mixin private DeclarationOptions declarations = new DeclarationOptions();
  @Mixin private ClusterConnection connection = new ClusterConnection();
  @Mixin private EndpointOptions endpoint = new EndpointOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  RunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws UsageException, InterruptedException, IOException {
    Map<String, String> environment = terminal.environment();
    Optional<TrustDomain> domain = endpoint.trustDomainOfTests(environment);
    Optional<List<Declared>> inFiles = Optional.empty();
    if (declarations.inFiles()) {
      RegistrationFile.Reading reading = declarations.read(System.in);
      if (!reading.problems().isEmpty()) {
        RegistrationOutput.wrong(reading.problems(), ReportFormat.text, terminal);
        return ExitCode.USAGE;
      }
      inFiles = Optional.of(reading.entries());
    }
    ClusterQuery query = connection.wantedOfSpire(environment, domain);
    RunRequest request = request(query, inFiles, environment);
    ClusterAccess access = connection.access(endpoint.address(environment), domain);
    return new TestRun(access, request, terminal).run().orElse(ExitCode.ENVIRONMENT);
  }

  /** What cannot be written in the end is better said before. */
  private static void writable(String option, @Nullable Path file) throws UsageException {
    if (file == null) {
      return;
    }
    try {
      NewFile.open(file).check();
    } catch (IOException e) {
      throw new UsageException(
          option + " " + file + " cannot be written: " + FileFailure.inWords(e));
    }
    if (!Files.isWritable(AnyPath.directory(file.toAbsolutePath()))) {
      throw new UsageException(option + " " + file + " cannot be written: permission denied");
    }
  }

  private RunRequest request(
      ClusterQuery query, Optional<List<Declared>> inFiles, Map<String, String> environment)
      throws UsageException {
    if (goPackage == null && words.isEmpty()) {
      throw new UsageException("which BINARY, or --package PACKAGE?");
    }
    boolean separated = spec.commandLine().getParseResult().originalArgs().contains("--");
    if (!separated && words.size() > (goPackage == null ? 1 : 0)) {
      throw new UsageException("the arguments of the tests stand behind --: " + words.getLast());
    }
    writable("--junit", junit);
    writable("--collect-on-failure", collect);
    Optional<TestBinary> binary = Optional.empty();
    if (goPackage == null) {
      try {
        binary = Optional.of(TestBinary.of(Path.of(words.getFirst())));
      } catch (IOException e) {
        throw new UsageException(words.getFirst() + ": " + FileFailure.inWords(e));
      }
    }
    return new RunRequest(
        query,
        binary,
        Optional.ofNullable(goPackage),
        goPackage == null ? words.subList(1, words.size()) : words,
        !noRegister,
        !noCheck,
        keep || "true".equalsIgnoreCase(environment.get("KEEP")),
        Optional.ofNullable(collect),
        Optional.ofNullable(junit),
        declarations.declarations(inFiles, environment),
        // Whose entries are made matters only where some are.
        noRegister
            ? EntryOwner.NOBODY
            : declarations.owner(EntryOwner.ofRun(declarations.namespace(environment), pod.name())),
        pod.request(environment));
  }
}
