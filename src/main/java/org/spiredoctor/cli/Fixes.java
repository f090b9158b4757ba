package org.spiredoctor.cli;

import java.io.IOException;
import java.util.List;
import java.util.Scanner;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.evidence.cluster.ServerCli;
import org.spiredoctor.kube.Connection;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.report.Untrusted;

/** Makes the changes of entries that causes ask for: shown, agreed to, then made. */
final class Fixes {
  private final ClusterConnection connection;
  private final Terminal terminal;
  private final boolean agreed;

  /**
   * @param agreed nobody is asked
   */
  Fixes(ClusterConnection connection, Terminal terminal, boolean agreed) {
    this.connection = connection;
    this.terminal = terminal;
    this.agreed = agreed;
  }

  /** The first remedy of each cause, where it changes entries; whether anything was changed. */
  boolean apply(Report report) throws InterruptedException {
    List<Remedy.EntryChange> changes =
        report
            .causes()
            .flatMap(finding -> finding.remedies().stream().limit(1))
            .filter(Remedy.EntryChange.class::isInstance)
            .map(Remedy.EntryChange.class::cast)
            .distinct()
            .toList();
    if (changes.isEmpty()) {
      terminal.say(
          "--fix: nothing that was found is mended by a change of entries"
              + (report.causes().anyMatch(Fixes::isCommand)
                  ? "; the commands of the report are yours to run"
                  : ""));
      return false;
    }
    if (changes.stream().anyMatch(change -> change.server().pod().isEmpty())) {
      terminal.complain(
          "--fix runs spire-server in its pod, and this server was asked over its API: run the"
              + " commands of the report where its program is");
      return false;
    }
    for (Remedy.EntryChange change : changes) {
      terminal.say(Untrusted.clean(change.summary()) + ":");
      terminal.say("  " + Untrusted.harmless(change.command()));
    }
    if (!agreed && !asks(changes.size() == 1 ? "Do it?" : "Do all " + changes.size() + "?")) {
      terminal.say("Nothing was changed.");
      return false;
    }
    return make(changes);
  }

  /** Where a controller-manager owns the entries, a change of them would be undone. */
  private static boolean isCommand(Finding finding) {
    return finding.remedies().stream().limit(1).anyMatch(Remedy.Command.class::isInstance);
  }

  private boolean asks(String question) {
    terminal.err().print(question + " [y/N] ");
    terminal.err().flush();
    Scanner answers = new Scanner(System.in, terminal.out().charset());
    return answers.hasNextLine()
        && answers.nextLine().strip().toLowerCase(java.util.Locale.ROOT).startsWith("y");
  }

  private boolean make(List<Remedy.EntryChange> changes) throws InterruptedException {
    int made = 0;
    try (KubeApi api =
        Connection.open(connection.kubeconfig(), connection.context(), ClusterConnection.LIMIT)) {
      for (Remedy.EntryChange change : changes) {
        new ServerCli(api, change.server()).run(change.words());
        made++;
        terminal.say("Done: " + Untrusted.clean(change.summary()));
      }
    } catch (KubeException e) {
      terminal.complain("--fix: " + e.asked() + ": " + e.answer());
    } catch (IOException e) {
      terminal.complain("--fix: " + e.getMessage());
    }
    if (made < changes.size()) {
      terminal.say(made + " of " + changes.size() + " changes were made.");
    }
    return made > 0;
  }
}
