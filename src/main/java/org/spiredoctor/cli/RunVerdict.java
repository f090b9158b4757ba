package org.spiredoctor.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.spiredoctor.check.ClusterCheck;
import org.spiredoctor.console.FileFailure;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.pod.NewFile;
import org.spiredoctor.report.TextReport;
import org.spiredoctor.report.Untrusted;
import org.spiredoctor.run.TestPod;
import org.spiredoctor.run.Verdict;
import org.spiredoctor.run.gotest.JUnitXml;
import org.spiredoctor.run.gotest.TestResults;

/** Tells how a run ended: to people, in files, and by the exit code. */
final class RunVerdict {
  private final RunCommand.Job job;
  private final TestPod pod;
  private final PodDoctor doctor;
  private final ClusterCheck check;
  private final Terminal terminal;
  private final RunConsole console;
  private final Instant began = Instant.now();

  RunVerdict(
      RunCommand.Job job,
      TestPod pod,
      PodDoctor doctor,
      ClusterCheck check,
      Terminal terminal,
      RunConsole console) {
    this.job = job;
    this.pod = pod;
    this.doctor = doctor;
    this.check = check;
    this.terminal = terminal;
    this.console = console;
  }

  /** The exit code. */
  int tell(Verdict verdict, TestResults results) throws InterruptedException {
    int code =
        switch (verdict) {
          case Verdict.Tested tested -> tested(tested, results);
          case Verdict.Broken broken -> broken(broken, results);
        };
    if (code != 0) {
      collect(verdict);
    }
    return code;
  }

  private int tested(Verdict.Tested tested, TestResults results) {
    console.say("");
    tested
        .lost()
        .ifPresent(
            why -> console.say("⚠️  The end of the log may be missing: " + Untrusted.clean(why)));
    if (!results.tests().isEmpty()) {
      console.say(results.summary());
    }
    String code =
        "(exit code: " + tested.code() + tested.reason().map(why -> ", " + why).orElse("") + ")";
    if (tested.code() == 0) {
      console.reached("Integration tests passed!");
    } else {
      console.failed("Integration tests failed " + code);
      results.failures().forEach(one -> console.say("   " + Untrusted.clean(one.name())));
    }
    junit(JUnitXml.render(suite(), began, results, tested.code()));
    return tested.code();
  }

  private int broken(Verdict.Broken broken, TestResults results) throws InterruptedException {
    console.failed("Stage " + broken.stage() + ": " + broken.why());
    junit(JUnitXml.broken(suite(), began, results, broken.stage(), broken.why()));
    if (!broken.lastWords().isBlank()) {
      console.say("   " + broken.container().orElse("") + " said last:");
      broken
          .lastWords()
          .lines()
          .map(Untrusted::logLine)
          .forEach(line -> console.say("     " + line));
    }
    if (!broken.hint().isEmpty()) {
      console.say("   " + broken.hint());
    }
    if (!broken.made()) {
      return ExitCode.ENVIRONMENT;
    }
    console.say("");
    terminal
        .err()
        .print(
            TextReport.renderFindings(
                doctor.diagnosis(pod.namespace(), pod.name()), terminal.style()));
    return ExitCode.ENVIRONMENT;
  }

  /** Whatever becomes of the file, the tests' exit code stays. */
  private void junit(String xml) {
    if (job.junit().isEmpty()) {
      return;
    }
    try {
      byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
      NewFile.open(job.junit().get()).write(out -> out.write(bytes));
    } catch (IOException e) {
      terminal.complain(
          "--junit " + job.junit().get() + " cannot be written: " + FileFailure.inWords(e));
    }
  }

  private String suite() {
    return String.valueOf(pod.binary().file().getFileName());
  }

  private void collect(Verdict verdict) throws InterruptedException {
    if (job.collect().isEmpty()) {
      return;
    }
    Snapshot seen = doctor.evidence(pod.namespace(), pod.name(), verdict instanceof Verdict.Tested);
    check.trySave("--collect-on-failure", seen, job.collect().get());
  }
}
