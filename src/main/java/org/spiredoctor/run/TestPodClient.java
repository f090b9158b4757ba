package org.spiredoctor.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Exec;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeChanges;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.kube.Pod;

/** The test pod, as the API server has it. */
final class TestPodClient implements AutoCloseable {
  /** A Go program in PID 1 that does not heed SIGTERM would else stay for its whole grace. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final int BUFFER = 64 * 1024;
  private static final long ANSWER_BYTES = 1024 * 1024;
  private static final int LAST_LINES = 40;
  private static final int LAST_BYTES = 16 * 1024;

  private final Runner.Connector connector;
  private final TestPod pod;
  private volatile KubeApi api;

  TestPodClient(Runner.Connector connector, TestPod pod) throws KubeException {
    this.connector = connector;
    this.pod = pod;
    this.api = connector.open();
  }

  /**
   * Takes another connection, where this one may be one that the network has forgotten: all
   * requests share it, and would go on to wait for it.
   */
  synchronized void reconnect() throws KubeException {
    KubeApi before = api;
    api = connector.open();
    before.close();
  }

  @Override
  public void close() {
    api.close();
  }

  /**
   * Makes it.
   *
   * @throws KubeException when there is one of its name: {@link KubeException.Reason#CONFLICT}
   */
  Pod create(ObjectNode manifest) throws KubeException {
    return Pod.of(new KubeChanges(api, pod.namespace()).create(Kind.POD, manifest));
  }

  /** Whatever has its name; nothing when nothing has. */
  Optional<Pod> look() throws KubeException {
    try {
      return Optional.of(Pod.of(api.get(Kind.POD, Optional.of(pod.namespace()), pod.name())));
    } catch (KubeException e) {
      if (e.reason() == KubeException.Reason.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A line for each change of it, the first at once; for {@link PodBell}. */
  InputStream changes() throws KubeException {
    return api.changes(Kind.POD, pod.namespace(), pod.name());
  }

  /** Removes this one. */
  void delete(Pod one) throws KubeException {
    try {
      new KubeChanges(api, pod.namespace()).delete(Kind.POD, one.meta(), GRACE);
    } catch (KubeException e) {
      if (e.reason() != KubeException.Reason.NOT_FOUND
          && e.reason() != KubeException.Reason.CONFLICT) {
        throw e;
      }
    }
  }

  /** What was told of it; nothing when that may not be seen. */
  List<Event> events(Pod one) {
    try {
      return api.events(pod.namespace(), one.meta().uid());
    } catch (KubeException e) {
      return List.of();
    }
  }

  /** The log of a container, for {@link LogFollower}. */
  InputStream log(String container, Optional<Instant> since, boolean follow) throws KubeException {
    return api.timedLog(pod.namespace(), pod.name(), container, since, follow);
  }

  /** The last that a container said; or why that is not known. */
  String lastWords(String container) {
    try {
      return api.log(pod.namespace(), pod.name(), container, false, LAST_LINES, LAST_BYTES);
    } catch (KubeException e) {
      return "(its log was not read: " + e.asked() + ": " + e.answer() + ")";
    }
  }

  /**
   * Sends the binary.
   *
   * @throws IOException when it did not arrive whole; then there is nothing of it in the pod
   */
  void send() throws KubeException, IOException {
    List<String> command =
        List.of(
            "/spire-doctor",
            "receive",
            pod.path(),
            "--length",
            String.valueOf(pod.binary().length()),
            "--sha256",
            pod.binary().sha256());
    Exec.Limits limits = new Exec.Limits(pod.limits().copy(), ANSWER_BYTES);
    try (Exec exec =
        api.exec(
            pod.namespace(), pod.name(), TestPod.SETUP, command, Exec.Input.UNENDING, limits)) {
      // What is sent may lie in buffers for long before it is there.
      exec.allow(pod.limits().copy());
      Optional<IOException> cut = sent(exec);
      exec.readAllBytes();
      if (exec.exitCode().orElse(-1) != 0) {
        String complaint = exec.complaint();
        throw complaint.isEmpty() && cut.isPresent() ? cut.get() : new IOException(complaint);
      }
    }
  }

  /** What kept it from being sent; why that is, the program at the other end may yet tell. */
  private Optional<IOException> sent(Exec exec) {
    try (InputStream in = Files.newInputStream(pod.binary().file())) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        exec.send(buffer, n);
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    }
  }
}
