package org.spiredoctor.kube;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Programs in a pod that is somebody's else, and an API server that runs them. */
abstract class HostilePrograms {
  static final long MEBI = 1024 * 1024;
  final Semaphore opened = new Semaphore(0);

  interface Program {
    void run(OutputStream out) throws IOException, InterruptedException;
  }

  static KubeApi api(ApiServer server) {
    return PlainApi.at(server.port()).within(Duration.ofSeconds(5));
  }

  ApiServer running(Program program) throws IOException {
    return ApiServer.plain(
        (request, out) -> {
          ApiServer.upgrade(request, out);
          try {
            // The JDK's client may lose what comes in one read with the head of the answer, where
            // that is more than a buffer of it. A program in a container takes longer to start.
            opened.acquire();
            program.run(out);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  Exec exec(KubeApi api, Duration whole, long bytes) throws KubeException {
    Exec exec =
        api.exec(
            "spire",
            "spire-server-0",
            "spire-server",
            List.of("/opt/spire/bin/spire-server", "--version"),
            Exec.Input.NONE,
            new Exec.Limits(whole, bytes));
    opened.release();
    return exec;
  }
}
