package org.spiredoctor.run.gotest;

import java.util.Optional;

/**
 * Reads the output of a Go test binary, with {@code -test.v}, {@code -test.v=test2json}, or
 * without. All of it is kept in memory.
 *
 * <p>Only with {@code test2json} are Go's own lines marked. Else what a test prints may look like
 * one: it is taken for one where it fits to what runs.
 */
public final class GoTestOutput {
  private static final char MARKER = '\u0016';

  private final GoTestRun run = new GoTestRun();
  private boolean marked;

  /** Takes the next line. */
  public void line(String line) {
    String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    // Go's own lines have no other marker behind theirs.
    int at = text.lastIndexOf(MARKER);
    Optional<GoTestEvent> event =
        at < 0 ? Optional.empty() : GoTestEvent.of(text.substring(at + 1));
    if (event.isPresent()) {
      marked = true;
      happened(event.get(), text, at, at + 1);
    } else if (marked) {
      run.printed(text);
    } else {
      unmarked(text);
    }
  }

  /** What the lines came to. */
  public TestResults results() {
    return run.results();
  }

  private void unmarked(String line) {
    Optional<GoTestEvent> whole = GoTestEvent.of(line).filter(this::fits);
    if (whole.isPresent()) {
      run.happened(whole.get(), line);
      return;
    }
    // A test may have printed something without ending the line.
    int at = Math.max(line.lastIndexOf("=== "), line.lastIndexOf("--- "));
    Optional<GoTestEvent> end =
        at > 0 && !line.substring(0, at).isBlank()
            ? GoTestEvent.of(line.substring(at)).filter(this::fits).filter(this::fitsAtTheEnd)
            : Optional.empty();
    end.ifPresentOrElse(event -> happened(event, line, at, at), () -> run.printed(line));
  }

  private void happened(GoTestEvent event, String line, int to, int from) {
    if (to > 0) {
      run.printed(line.substring(0, to));
    }
    run.happened(event, line.substring(from));
  }

  private boolean fits(GoTestEvent event) {
    Optional<RunningTest> test = run.tests().find(event.name());
    return switch (event.kind()) {
      case RUN -> event.isTest();
      case VERDICT -> run.tests().allEnded();
      case NAME, CONT -> event.name().isEmpty() || test.isPresent();
      case PAUSE, FUZZ, ATTR, ARTIFACTS -> test.isPresent();
      case PASS, FAIL, SKIP, BENCH ->
          run.reportFits(event)
              && (run.isVerbose()
                  // Whatever came first: a failure counts.
                  ? test.filter(it -> !it.ended() || event.isFailure()).isPresent()
                  : event.isTest());
    };
  }

  /** Where text goes before it, it must be about what runs. */
  private boolean fitsAtTheEnd(GoTestEvent event) {
    return switch (event.kind()) {
      case RUN -> run.tests().around(new RunningTest(event.name())).isPresent();
      case VERDICT -> false;
      default ->
          run.isVerbose()
              ? run.tests().find(event.name()).filter(it -> !it.ended()).isPresent()
              : event.isFailure();
    };
  }
}
