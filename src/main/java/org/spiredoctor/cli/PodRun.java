package org.spiredoctor.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.spiredoctor.check.ClusterCheck;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.evidence.cluster.ClusterAccess;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.pod.ShutdownHook;
import org.spiredoctor.run.RunListener;
import org.spiredoctor.run.Runner;
import org.spiredoctor.run.TestPod;
import org.spiredoctor.run.Verdict;
import org.spiredoctor.run.gotest.GoTestOutput;

/** Runs the tests in their pod, tells how it went, and removes the pod. */
final class PodRun {
  private final ClusterAccess access;
  private final ClusterQuery query;
  private final RunCommand.Job job;
  private final Terminal terminal;
  private final RunConsole console;
  private final CountDownLatch forever = new CountDownLatch(1);
  private volatile boolean stopping;

  PodRun(
      ClusterAccess access,
      ClusterQuery query,
      RunCommand.Job job,
      Terminal terminal,
      RunConsole console) {
    this.access = access;
    this.query = query;
    this.job = job;
    this.terminal = terminal;
    this.console = console;
  }

  /** The exit code. */
  int run(TestPod pod, JsonNode patch) throws InterruptedException, KubeException {
    GoTestOutput output = new GoTestOutput();
    ClusterCheck check = new ClusterCheck(access, console.aside());
    PodDoctor doctor = new PodDoctor(check, query, job);
    RunVerdict told = new RunVerdict(job, pod, doctor, check, terminal, console);
    Runner runner = new Runner(this::connect, pod, job.pod().replace(), doctor, listening(output));
    ShutdownHook hook = ShutdownHook.of(() -> stop(runner, pod));
    try {
      Verdict verdict = runner.run(patch);
      if (stopping) {
        // The hook has the last word, and the signal the exit code.
        forever.await();
      }
      return told.tell(verdict, output.results());
    } finally {
      leave(runner, pod);
      runner.close();
      hook.close();
    }
  }

  private KubeApi connect() throws KubeException {
    return access.open(ClusterAccess.LIMIT);
  }

  private RunListener listening(GoTestOutput output) {
    return new RunListener() {
      @Override
      public void reached(String what) {
        console.reached(what);
      }

      @Override
      public void doing(String what) {
        console.doing(what);
      }

      @Override
      public void line(String untrusted) {
        output.line(untrusted);
        console.line(untrusted);
      }
    };
  }

  private void stop(Runner runner, TestPod pod) {
    stopping = true;
    console.end();
    terminal.say("");
    terminal.say("Interrupted.");
    leave(runner, pod);
  }

  /** Removes the pod, or says how. */
  private void leave(Runner runner, TestPod pod) {
    String name = "-n " + pod.namespace() + " " + pod.name();
    if (job.keep() && !runner.made()) {
      return;
    }
    if (job.keep()) {
      terminal.say("ℹ️  The pod is kept. To look at it, and to remove it:");
      terminal.say("  kubectl describe pod " + name);
      terminal.say("  kubectl logs " + name + " --all-containers");
      terminal.say("  kubectl delete pod " + name);
      return;
    }
    Optional<String> left = runner.remove();
    if (left.isPresent()) {
      terminal.complain("the pod was not removed: " + left.get());
      terminal.say("  kubectl delete pod " + name);
    }
  }
}
