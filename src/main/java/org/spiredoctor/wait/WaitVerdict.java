package org.spiredoctor.wait;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.console.TerminationLog;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.evidence.Attempt;
import org.spiredoctor.report.TextReport;
import org.spiredoctor.report.Untrusted;
import org.spiredoctor.spire.Ending;

/** Tells how the waiting ended: to people, and to the termination log. */
public final class WaitVerdict {
  /** Begins what it says in the end though all is well. */
  public static final String NOTE = "! ";

  private final Result result;
  private final Terminal terminal;
  private final TerminationLog terminationLog;

  /** Tells nothing yet. */
  public WaitVerdict(Result result, Terminal terminal, TerminationLog terminationLog) {
    this.result = result;
    this.terminal = terminal;
    this.terminationLog = terminationLog;
  }

  /**
   * Tells that all is ready.
   *
   * @param notes what is worth knowing all the same
   */
  public void ready(Stream<Finding> notes) {
    List<String> lines =
        notes.map(note -> NOTE + note.id() + ": " + Untrusted.clean(note.summary())).toList();
    lines.forEach(terminal::say);
    terminationLog.write(
        "Workload API ready after "
            + seconds(result.after())
            + "\n"
            + lines.stream().map(line -> line + "\n").collect(Collectors.joining()),
        terminal);
  }

  /** Tells why not. */
  public void notReady(Report report) {
    terminal.say("ERROR: " + headline());
    result.attempts().stream()
        .reduce((first, second) -> second)
        .ifPresent(last -> terminal.say("Last seen: " + lastSeen(last)));
    terminal.err().print(TextReport.renderFindings(report, terminal.style()));
    terminationLog.write(TerminationLog.verdict(headline(), report), terminal);
  }

  private String headline() {
    String after = seconds(result.after());
    return switch (result.end()) {
      case READY -> "ready after " + after;
      case TIMED_OUT ->
          result.socketSeen()
              ? "Workload API not ready after " + after
              : "Socket not found after " + after;
      case HOPELESS -> "Workload API not ready, and waiting cannot help";
      case STOPPED -> "Stopped by a signal after " + after + ", before the Workload API was ready";
    };
  }

  private String lastSeen(Attempt last) {
    String what =
        last.ending()
            .map(Ending::inWords)
            .orElse("an answer of " + last.request().method() + " that is not what is waited for");
    Duration ago = result.after().minus(last.ended());
    return Untrusted.clean(what)
        + " ("
        + last.request().method()
        + ", "
        + (last.times() == 1 ? "once" : last.times() + " times")
        + ", "
        + (ago.toSeconds() == 0 ? "just now" : ago.toSeconds() + "s ago")
        + ")";
  }

  /** {@code 120s}, as scripts that look for it know it; with a tenth where there is one. */
  private static String seconds(Duration duration) {
    long tenths = duration.toMillis() / 100;
    return tenths % 10 == 0 ? tenths / 10 + "s" : tenths / 10 + "." + tenths % 10 + "s";
  }
}
