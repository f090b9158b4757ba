package org.spiredoctor.register;

import java.time.Duration;
import java.util.Optional;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.registration.Declarations;
import org.spiredoctor.registration.Ownership;
import org.spiredoctor.report.ReportFormat;

/**
 * What is to be registered, and how.
 *
 * @param query what is asked of the cluster
 * @param ownership whose the entries are
 * @param dryRun whether the plan is shown only
 * @param prune whether what was registered before and is no longer declared is deleted
 * @param force whether entries are created that would be served to nobody
 * @param patience until the agents have the entries; nothing where nobody waits for them
 * @param pod that is to be served afterwards, as {@code [NAMESPACE/]POD}
 * @param guessed the namespace of the workloads, where nobody named it
 * @param verbose whether every entry is shown, however many there are
 */
public record RegistrationRequest(
    ClusterQuery query,
    Declarations declarations,
    Ownership ownership,
    boolean dryRun,
    boolean prune,
    boolean force,
    Duration patience,
    Optional<String> pod,
    Optional<String> guessed,
    ReportFormat format,
    boolean verbose) {

  /** Creates the entries and changes nothing else, with a report in text. */
  public static RegistrationRequest plain(
      ClusterQuery query, Declarations declarations, Ownership ownership) {
    return new RegistrationRequest(
        query,
        declarations,
        ownership,
        false,
        false,
        false,
        Duration.ZERO,
        Optional.empty(),
        Optional.empty(),
        ReportFormat.text,
        false);
  }
}
