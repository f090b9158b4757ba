package org.spiredoctor.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.spiredoctor.check.ClusterCheck;
import org.spiredoctor.cli.options.ClusterConnection;
import org.spiredoctor.cli.options.EndpointOptions;
import org.spiredoctor.cli.options.WorkloadLogs;
import org.spiredoctor.console.FileFailure;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.pod.NewFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code spire-doctor bundle}. */
@Command(
    name = "bundle",
    description = {
      "Write what is seen of a cluster to one file, to be checked elsewhere with 'check --from'.",
      "It holds pods, nodes, events, owners, services, SPIRE's objects, config maps and logs,"
          + " entries, agents, and the authorities of trust bundles; no Secret, no key, no token,"
          + " and no variable but those that name a socket."
    },
    footerHeading =
        "%nExit codes: 0 written, 2 wrong usage or not written, 3 the cluster was not reached%n",
    footer = {"%nExamples:", "  spire-doctor bundle evidence.json.gz"})
final class BundleCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "FILE",
      description = "The file to write, for its owner only; a regular file is replaced")
  private Path file = Path.of("");

  @Mixin private ClusterConnection connection = new ClusterConnection();
  @Mixin private WorkloadLogs workloadLogs = new WorkloadLogs();
  @Mixin private EndpointOptions endpoint = new EndpointOptions();

  BundleCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws UsageException, InterruptedException {
    try {
      NewFile.secret(file).check();
    } catch (IOException e) {
      throw new UsageException("bundle " + file + " cannot be written: " + FileFailure.inWords(e));
    }
    ClusterCheck check =
        new ClusterCheck(
            connection.access(
                endpoint.address(terminal.environment()),
                endpoint.trustDomain(terminal.environment())),
            terminal);
    Snapshot snapshot =
        check
            .gather(
                workloadLogs.in(
                    connection.query(
                        Map.of(), // A bundle is of all SPIREs, whatever NS names.
                        new ClusterQuery.Pods.WithSocket(Optional.empty()),
                        Optional.empty(),
                        Optional.empty(),
                        List.of())))
            .gathered();
    Optional<String> unreached = ClusterCheck.unreached(snapshot);
    if (unreached.isPresent()) {
      terminal.complain("the cluster was not reached, and nothing is written: " + unreached.get());
      return ExitCode.UNKNOWN;
    }
    return check.trySave("bundle", snapshot, file) ? ExitCode.OK : ExitCode.USAGE;
  }
}
