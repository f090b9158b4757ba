package org.spiredoctor.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.kube.Container.State;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.wait.WaitVerdict;

/**
 * Runs tests in a pod, stage by stage: each has its time, and what fails for good ends it at once.
 */
public final class Runner implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(150);
  private static final int TRANSFERS = 3;

  /** How long it may take until a node tells that a container has ended. */
  private static final Duration ENDING = Duration.ofSeconds(5);

  /** Opens connections to the API server. */
  public interface Connector {
    /** Another one. */
    KubeApi open() throws KubeException;
  }

  /** Knows whether a pod can have its identity. */
  public interface Doctor {
    /**
     * Looks at a pod that has a node.
     *
     * @return why it can not, for sure; nothing when it can, or that is not known
     */
    Optional<String> hopeless(String namespace, String pod) throws InterruptedException;
  }

  private final TestPodClient client;
  private final TestPod test;
  private final PodCreator creator;
  private final Doctor doctor;
  private final RunListener listener;
  private final PodBell bell;
  private final PodWatch watch;
  private volatile boolean made;

  /**
   * @param replace whether a live pod of an earlier run is replaced
   */
  public Runner(
      Connector connector, TestPod test, boolean replace, Doctor doctor, RunListener listener)
      throws KubeException {
    this.client = new TestPodClient(connector, test);
    this.test = test;
    this.creator = new PodCreator(client, test, replace, listener);
    this.doctor = doctor;
    this.listener = listener;
    this.bell = new PodBell(client::changes);
    this.watch = new PodWatch(client, this::isOurs, bell, listener);
  }

  /**
   * Runs them. The pod stays.
   *
   * @param patch of the pod, a strategic merge patch; may be empty
   */
  public Verdict run(JsonNode patch) throws InterruptedException {
    try {
      listener.doing("Creating pod " + test.namespace() + "/" + test.name() + "...");
      Pod pod = creator.make(test.manifest(patch));
      made = true;
      bell.start();
      return stages(pod);
    } catch (BrokenException e) {
      return new Verdict.Broken(
          watch.stage(),
          e.why(),
          e.container(),
          e.container().map(client::lastWords).orElse(""),
          e.hint(),
          made);
    }
  }

  /**
   * Removes the pod of this run, if there is one.
   *
   * @return what kept it from being removed; nothing when it is
   */
  public Optional<String> remove() {
    return creator.close() ? new Removal(client, this::isOurs).remove(made) : Optional.empty();
  }

  /** Whether its pod was made; it may have been deleted since. */
  public boolean made() {
    return made;
  }

  @Override
  public void close() {
    bell.close();
    client.close();
  }

  private boolean isOurs(Pod pod) {
    return test.run().equals(pod.meta().annotations().get(TestPod.RUN));
  }

  private Verdict stages(Pod first) throws BrokenException, InterruptedException {
    Pod pod =
        watch.until(first, "pod", test.limits().start(), one -> PodStates.begun(one, TestPod.WAIT));
    listener.doing("Waiting for socket availability check to complete...");
    Optional<String> hopeless = doctor.hopeless(test.namespace(), test.name());
    if (hopeless.isPresent()) {
      throw new BrokenException(hopeless.get());
    }
    // The container has its own limit, and more to say than we have.
    Duration socket = test.limits().socket().plus(test.limits().start());
    pod = watch.until(pod, TestPod.WAIT, socket, one -> PodStates.done(one, TestPod.WAIT));
    listener.reached("Socket is available and ready");
    PodStates.container(pod, TestPod.WAIT).stream()
        .flatMap(state -> state.message().lines())
        .filter(line -> line.startsWith(WaitVerdict.NOTE))
        .forEach(listener::doing);
    pod = handedOver(pod);
    pod =
        watch.until(
            pod, TestPod.SETUP, test.limits().copy(), one -> PodStates.done(one, TestPod.SETUP));
    listener.reached("Binary copied, the test container will start");
    return tests(
        watch.until(
            pod, TestPod.TEST, test.limits().start(), one -> PodStates.begun(one, TestPod.TEST)));
  }

  private Pod handedOver(Pod before) throws BrokenException, InterruptedException {
    try (EarlyTransfer early = EarlyTransfer.begin(client::send, bell::ring)) {
      Pod pod =
          watch.until(
              before,
              TestPod.SETUP,
              test.limits().start(),
              one -> early.arrived() || PodStates.begun(one, TestPod.SETUP));
      listener.reached("Setup init container is running");
      if (!early.last()) {
        copy();
      }
      return pod;
    }
  }

  /** Until it is there: the container ends by itself when it is. */
  private void copy() throws BrokenException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      String why;
      try {
        client.send();
        return;
      } catch (KubeException e) {
        why = e.asked() + ": " + e.answer();
      } catch (IOException e) {
        why = String.valueOf(e.getMessage());
      }
      if (arrived()) {
        return;
      }
      if (attempt == TRANSFERS) {
        throw new BrokenException(
            "the test binary did not get into the pod, in " + attempt + " attempts: " + why);
      }
      listener.doing("The transfer broke off (" + why + "), trying again...");
    }
  }

  /**
   * Whether the container has ended well. It does so at once when the binary is in its place, and
   * ends the program that put it there too, perhaps before that has answered; the kubelet reports
   * it later.
   */
  private boolean arrived() throws InterruptedException {
    long began = System.nanoTime();
    while (System.nanoTime() - began < ENDING.toNanos()) {
      try {
        if (client
            .look()
            .filter(one -> isOurs(one) && PodStates.done(one, TestPod.SETUP))
            .isPresent()) {
          return true;
        }
      } catch (KubeException e) {
        // What was said first is the more telling.
      }
      Thread.sleep(LOOK);
    }
    return false;
  }

  private Verdict tests(Pod pod) throws BrokenException, InterruptedException {
    listener.doing("Running integration tests in distroless container...");
    LogFollower log =
        new LogFollower((since, follow) -> client.log(TestPod.TEST, since, follow), listener::line);
    log.start();
    try {
      Pod ended =
          watch.until(
              pod,
              TestPod.TEST,
              test.limits().tests(),
              one -> {
                log.look();
                return PodStates.ended(one, TestPod.TEST);
              });
      Optional<String> lost = log.end();
      Optional<PodTrouble> trouble = PodTrouble.of(ended, List.of(), Duration.ZERO);
      if (trouble.isPresent()) {
        throw new BrokenException(trouble.get().what());
      }
      State state = PodStates.container(ended, TestPod.TEST).orElseThrow();
      Optional<String> reason =
          Optional.of(state.reason()).filter(r -> !Set.of("", "Completed", "Error").contains(r));
      return new Verdict.Tested(state.exitCode().orElse(1), reason, lost);
    } catch (BrokenException e) {
      // What they said until then is said, as far as it can be.
      log.end();
      throw e;
    } finally {
      log.stop();
    }
  }
}
