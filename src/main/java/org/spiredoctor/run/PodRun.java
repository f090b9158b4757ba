package org.spiredoctor.run;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.spiredoctor.check.ClusterCheck;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.evidence.cluster.ClusterAccess;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.pod.ShutdownHook;
import org.spiredoctor.run.gotest.GoTestOutput;

/** Runs the tests in their pod, tells how it went, and removes the pod. */
final class PodRun {
  private final ClusterAccess access;
  private final RunRequest request;
  private final Terminal terminal;
  private final RunConsole console;
  private final CountDownLatch forever = new CountDownLatch(1);
  private volatile boolean stopping;

  PodRun(ClusterAccess access, RunRequest request, Terminal terminal, RunConsole console) {
    this.access = access;
    this.request = request;
    this.terminal = terminal;
    this.console = console;
  }

  /** The exit code of the tests; none when the environment failed, not the tests. */
  OptionalInt run(TestPod pod) throws InterruptedException, KubeException {
    GoTestOutput output = new GoTestOutput();
    ClusterCheck check = new ClusterCheck(access, console.aside());
    PodDoctor doctor = new PodDoctor(check, request);
    RunVerdict told = new RunVerdict(request, pod, doctor, check, terminal, console);
    Runner runner =
        new Runner(this::connect, pod, request.pod().replace(), doctor, listening(output));
    ShutdownHook hook = ShutdownHook.of(() -> stop(runner, pod));
    try {
      Verdict verdict = runner.run(request.pod().patch());
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
    if (request.keep() && !runner.made()) {
      return;
    }
    if (request.keep()) {
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
