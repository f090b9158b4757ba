package org.spiredoctor.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Scanner;
import java.util.stream.Stream;
import org.spiredoctor.check.EntryChangeWriter.Result;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.FixPolicy;
import org.spiredoctor.diagnosis.FixPolicy.Consent;
import org.spiredoctor.diagnosis.FixPolicy.Decision;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Remedy.EntryChange;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.evidence.cluster.ClusterAccess;
import org.spiredoctor.evidence.cluster.ServerPod;
import org.spiredoctor.identity.EntryImpact;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.registration.server.EntryStore;
import org.spiredoctor.registration.server.StoreByServer;
import org.spiredoctor.registration.server.StoreException;
import org.spiredoctor.report.Untrusted;

/** Makes the changes of entries that {@link FixPolicy} lets it make, each agreed to by itself. */
public final class EntryFixer {
  private final ClusterAccess access;
  private final Terminal terminal;
  private final boolean yes;
  private final Scanner answers;

  /** A change, and what may be done with it. */
  private record Choice(EntryChange change, Decision decision) {}

  /**
   * Changes nothing yet.
   *
   * @param yes answers the questions that {@code --yes} is allowed to answer
   * @param answers to the others
   */
  public EntryFixer(ClusterAccess access, Terminal terminal, boolean yes, Scanner answers) {
    this.access = access;
    this.terminal = terminal;
    this.yes = yes;
    this.answers = answers;
  }

  /** The first remedy of each cause, where it changes entries; whether anything was changed. */
  public boolean apply(Report report) throws InterruptedException {
    List<Choice> choices = report.everyCause().flatMap(EntryFixer::first).distinct().toList();
    if (choices.isEmpty()) {
      terminal.say(
          "--fix: nothing that was found is repaired by a change of entries"
              + (report.causes().anyMatch(EntryFixer::isCommand)
                  ? "; the commands of the report are yours to run"
                  : ""));
      return false;
    }
    if (choices.stream().anyMatch(choice -> choice.change().server().pod().isEmpty())) {
      terminal.complain(
          "--fix runs spire-server in its pod, and this server was asked over its API: run the"
              + " commands of the report where its program is");
      return false;
    }
    choices.stream().filter(c -> c.decision().consent() == Consent.SHOWN).forEach(this::shown);
    List<EntryChange> agreed = agreed(choices);
    if (agreed.isEmpty()) {
      terminal.say("Nothing was changed.");
      return false;
    }
    return make(agreed);
  }

  /** A node alias that comes first is no end in itself: it is made with the entry below it. */
  private static Stream<Choice> first(Finding finding) {
    List<EntryChange> changes =
        finding.remedies().stream()
            .limit(2)
            .takeWhile(EntryChange.class::isInstance)
            .map(EntryChange.class::cast)
            .toList();
    boolean both =
        changes.size() == 2
            && changes.getFirst().after().forNodes()
            && changes.getLast().isBelow(changes.getFirst());
    return changes.stream()
        .limit(both ? 2 : 1)
        .map(
            change ->
                new Choice(change, FixPolicy.decide(finding, both ? changes.getLast() : change)));
  }

  private List<EntryChange> agreed(List<Choice> choices) {
    List<EntryChange> agreed = new ArrayList<>();
    List<EntryChange> refused = new ArrayList<>();
    choices.stream()
        .filter(choice -> choice.decision().consent() != Consent.SHOWN)
        .filter(choice -> refused.stream().noneMatch(choice.change()::isBelow))
        .forEach(choice -> (agreed(choice) ? agreed : refused).add(choice.change()));
    return agreed;
  }

  /** Where a controller-manager owns the entries, a change of them would be undone. */
  private static boolean isCommand(Finding finding) {
    return finding.remedies().stream()
        .limit(1)
        .anyMatch(r -> r instanceof Remedy.Command || r instanceof Remedy.Declaration);
  }

  private void describe(String head, EntryChange change) {
    terminal.say(head + Untrusted.clean(change.summary()) + ":");
    terminal.say("  " + Untrusted.harmless(change.command()));
    change.impact().map(EntryImpact::inWords).stream()
        .flatMap(List::stream)
        .forEach(sentence -> terminal.say("  " + Untrusted.clean(sentence)));
  }

  private void shown(Choice choice) {
    describe("Shown, not applied: ", choice.change());
    terminal.say("  Not applied: " + choice.decision().why());
  }

  /** One question for each change. */
  private boolean agreed(Choice choice) {
    describe("", choice.change());
    if (yes && choice.decision().consent() == Consent.YES) {
      return true;
    }
    if (yes) {
      terminal.say("  Not applied: " + choice.decision().why());
      return false;
    }
    terminal.err().print("Do it? [y/N] ");
    terminal.err().flush();
    return answers.hasNextLine()
        && answers.nextLine().strip().toLowerCase(Locale.ROOT).startsWith("y");
  }

  private boolean make(List<EntryChange> changes) throws InterruptedException {
    int made = 0;
    List<EntryChange> failed = new ArrayList<>();
    try (KubeApi api = access.open(ClusterAccess.LIMIT)) {
      for (EntryChange change : changes) {
        if (failed.stream().anyMatch(change::isBelow)) {
          continue;
        }
        // Closing it would close the API, which the next change needs.
        EntryStore store =
            new StoreByServer(
                ServerPod.server(api, change.server(), ServerPod.endsInput(api), _ -> {}));
        Result result = new EntryChangeWriter(store).make(change);
        made += result.made() ? 1 : 0;
        if (!result.made()) {
          failed.add(change);
        }
        String summary = Untrusted.clean(change.summary());
        terminal.say((result.made() ? "Done: " : "Not done: ") + summary);
        result.found().forEach(line -> terminal.say("  " + Untrusted.clean(line)));
      }
    } catch (KubeException e) {
      terminal.complain("--fix: " + e.asked() + ": " + e.answer());
    } catch (StoreException e) {
      terminal.complain("--fix: " + e.getMessage());
    }
    if (made < changes.size()) {
      terminal.say(made + " of " + changes.size() + " changes were made.");
    }
    return made > 0;
  }
}
