package org.spiredoctor.cli.options;

import org.spiredoctor.evidence.cluster.ClusterQuery;
import picocli.CommandLine.Option;

/** Whether the logs of other teams' pods are read. */
public final class WorkloadLogs {
  @Option(
      names = "--workload-logs",
      description =
          "Also read the logs of failed pods outside of SPIRE's namespaces; the log of a pod given"
              + " by name is always read (default: false)")
  private boolean given;

  /** The query with them, if they are wanted. */
  public ClusterQuery in(ClusterQuery query) {
    return given ? query.withWorkloadLogs() : query;
  }
}
