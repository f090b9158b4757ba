package org.spiredoctor.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.check.RuleChoice;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.report.PageNames;
import org.spiredoctor.report.Pages;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code spire-doctor explain}. */
@Command(
    name = "explain",
    description = "Explain a finding: what it means, how to confirm it, how to repair it",
    footer = {"%nExample:", "  spire-doctor explain identity-not-issued"})
final class ExplainCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "FINDING",
      arity = "0..1",
      description = "The id of a finding; without one, all are listed")
  private @Nullable String id;

  ExplainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws UsageException {
    if (id == null) {
      RuleChoice.list(Rules.all()).forEach(terminal::print);
    } else {
      String page = Pages.of(RuleChoice.known("explain", id).id()).orElse("");
      terminal.out().print(page + PageNames.of(page).orElse(""));
    }
    return ExitCode.OK;
  }
}
