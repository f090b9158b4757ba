package org.spiredoctor.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalInt;
import org.spiredoctor.check.ClusterCheck;
import org.spiredoctor.console.FileFailure;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.pod.NewFile;
import org.spiredoctor.report.TextReport;
import org.spiredoctor.report.Untrusted;
import org.spiredoctor.run.gotest.JUnitXml;
import org.spiredoctor.run.gotest.TestResults;

/** Tells how a run ended: to people, in files, and by the exit code. */
final class RunVerdict {
  private final RunRequest request;
  private final TestPod pod;
  private final PodDoctor doctor;
  private final ClusterCheck check;
  private final Terminal terminal;
  private final RunConsole console;
  private final Instant began = Instant.now();

  RunVerdict(
      RunRequest request,
      TestPod pod,
      PodDoctor doctor,
      ClusterCheck check,
      Terminal terminal,
      RunConsole console) {
    this.request = request;
    this.pod = pod;
    this.doctor = doctor;
    this.check = check;
    this.terminal = terminal;
    this.console = console;
  }

  /** The exit code of the tests; none when the environment failed, not the tests. */
  OptionalInt tell(Verdict verdict, TestResults results) throws InterruptedException {
    OptionalInt code =
        switch (verdict) {
          case Verdict.Tested tested -> tested(tested, results);
          case Verdict.Broken broken -> broken(broken, results);
        };
    if (code.orElse(1) != 0) {
      collect(verdict);
    }
    return code;
  }

  private OptionalInt tested(Verdict.Tested tested, TestResults results) {
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
    return OptionalInt.of(tested.code());
  }

  private OptionalInt broken(Verdict.Broken broken, TestResults results)
      throws InterruptedException {
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
      return OptionalInt.empty();
    }
    console.say("");
    terminal
        .err()
        .print(
            TextReport.renderFindings(
                doctor.diagnosis(pod.namespace(), pod.name()), terminal.style()));
    return OptionalInt.empty();
  }

  /** Whatever becomes of the file, the tests' exit code stays. */
  private void junit(String xml) {
    if (request.junit().isEmpty()) {
      return;
    }
    try {
      byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
      NewFile.open(request.junit().get()).write(out -> out.write(bytes));
    } catch (IOException e) {
      terminal.complain(
          "--junit " + request.junit().get() + " cannot be written: " + FileFailure.inWords(e));
    }
  }

  private String suite() {
    return String.valueOf(pod.binary().file().getFileName());
  }

  private void collect(Verdict verdict) throws InterruptedException {
    if (request.collect().isEmpty()) {
      return;
    }
    Snapshot seen = doctor.evidence(pod.namespace(), pod.name(), verdict instanceof Verdict.Tested);
    check.trySave("--collect-on-failure", seen, request.collect().get());
  }
}
