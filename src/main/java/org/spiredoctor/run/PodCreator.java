package org.spiredoctor.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.kube.KubeException.Reason;
import org.spiredoctor.kube.Pod;

/**
 * Makes the pod, whatever an earlier run has left under its name. What is live, or of somebody
 * else, stays.
 */
final class PodCreator {
  private static final Duration LOOK = Duration.ofMillis(200);

  private final TestPodClient client;
  private final TestPod wanted;
  private final boolean replace;
  private final RunListener listener;
  private boolean closed;
  private boolean asked;

  /**
   * @param replace whether one of an earlier run is replaced though it is live
   */
  PodCreator(TestPodClient client, TestPod wanted, boolean replace, RunListener listener) {
    this.client = client;
    this.wanted = wanted;
    this.replace = replace;
    this.listener = listener;
  }

  Pod make(ObjectNode manifest) throws BrokenException, InterruptedException {
    long began = System.nanoTime();
    boolean told = false;
    while (true) {
      Optional<Pod> made = create(manifest);
      if (made.isPresent()) {
        return made.get();
      }
      Duration waited = Duration.ofNanos(System.nanoTime() - began);
      if (waited.compareTo(wanted.limits().start()) > 0) {
        throw new BrokenException(
            "the pod of an earlier run, "
                + inWords()
                + ", is not gone after "
                + waited.toSeconds()
                + "s");
      }
      boolean making = makeRoom(!told);
      told = told || making;
      Thread.sleep(LOOK);
    }
  }

  /** Nothing when something is in its place. One at a time: see {@link #close}. */
  private synchronized Optional<Pod> create(ObjectNode manifest) throws BrokenException {
    if (closed) {
      throw new BrokenException("it was stopped");
    }
    asked = true;
    try {
      return Optional.of(client.create(manifest));
    } catch (KubeException e) {
      if (e.reason() == Reason.CONFLICT) {
        asked = false;
        return Optional.empty();
      }
      // Of what was refused there is nothing; what got no answer may be there yet, or come.
      asked = e.reason() == Reason.TIMED_OUT || e.reason() == Reason.UNREACHABLE;
      throw new BrokenException(e.asked() + ": " + e.answer(), Optional.empty(), hint(e.answer()));
    }
  }

  /**
   * Makes no pod from now on. Waits for the answer, when one is just being made.
   *
   * @return whether there is, or may be one
   */
  synchronized boolean close() {
    closed = true;
    return asked;
  }

  private String inWords() {
    return wanted.namespace() + "/" + wanted.name();
  }

  /** Whether something was said of it. */
  private boolean makeRoom(boolean say) throws BrokenException {
    try {
      Pod other = client.look().orElse(null);
      if (other == null) {
        return false;
      }
      if (other.meta().deleting()) {
        if (say) {
          listener.doing("Waiting until the pod of an earlier run is gone...");
        }
        return true;
      }
      if (!TestPod.PROGRAM.equals(other.meta().labels().get(TestPod.MANAGED_BY))) {
        throw new BrokenException(
            "there is a pod " + inWords() + " that spire-doctor did not make",
            Optional.empty(),
            "--pod-name NAME takes another name.");
      }
      boolean over = TestPod.isOver(other);
      if (!over && !replace) {
        throw new BrokenException(
            "pod " + inWords() + " of another run is live, " + entryMatch(other),
            Optional.empty(),
            "--pod-name NAME runs beside it; --replace ends it, and takes its place.");
      }
      listener.doing(
          over
              ? "Removing the pod that an earlier run has left..."
              : "Ending the earlier run, " + entryMatch(other) + "...");
      client.delete(other);
      return true;
    } catch (KubeException e) {
      throw new BrokenException(e.asked() + ": " + e.answer());
    }
  }

  private static String entryMatch(Pod pod) {
    String since =
        pod.meta()
            .created()
            .map(at -> "made " + Duration.between(at, Instant.now()).toSeconds() + "s ago")
            .orElse("made at an unknown time");
    return pod.containers().stream()
        .map(Container::name)
        .filter(name -> PodStates.running(pod, name))
        .findFirst()
        .map(name -> since + ", now in its container " + name)
        .orElse(since + ", not started yet");
  }

  private static String hint(String answer) {
    if (answer.contains("violates PodSecurity") && answer.contains("hostPath")) {
      return "The namespace forbids hostPath: with the SPIFFE CSI driver --volume csi does without,"
          + " and -n NAME takes another namespace.";
    }
    if (answer.contains("exceeded quota") || answer.contains("failed quota")) {
      return "The namespace's quota leaves no room: 'kubectl describe quota' shows what is used;"
          + " --overrides FILE sets resources that it demands.";
    }
    if (answer.contains("serviceaccount")) {
      return "--service-account names the account; 'kubectl create serviceaccount' makes one.";
    }
    return "";
  }
}
