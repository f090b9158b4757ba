package org.spiredoctor.run;

import org.spiredoctor.console.Terminal;
import org.spiredoctor.report.Untrusted;

/** Tells how a run goes: tests on standard output, all else on standard error. */
public final class RunConsole implements RunListener {
  private static final String RULE = "============================================";

  private final Terminal terminal;
  private volatile boolean silent;

  /** On this terminal. */
  public RunConsole(Terminal terminal) {
    this.terminal = terminal;
  }

  /** From now on nothing is told: somebody else has the last word. */
  void end() {
    silent = true;
  }

  void banner() {
    say(RULE);
    say("SPIRE Integration Tests (CI/Distroless)");
    say(RULE);
    say("");
  }

  /** A line as it is. */
  public void say(String line) {
    if (!silent) {
      terminal.say(line);
    }
  }

  @Override
  public void reached(String what) {
    say("✅ " + Untrusted.clean(what));
  }

  @Override
  public void doing(String what) {
    say("ℹ️  " + Untrusted.clean(what));
  }

  /** What ended badly. */
  public void failed(String what) {
    say("❌ " + Untrusted.clean(what));
  }

  @Override
  public void line(String untrusted) {
    if (!silent) {
      terminal.out().println(Untrusted.logLine(untrusted));
    }
  }

  /** Where messages about entries go. */
  Terminal aside() {
    return new Terminal(terminal.err(), terminal.err(), terminal.style(), terminal.environment());
  }
}
