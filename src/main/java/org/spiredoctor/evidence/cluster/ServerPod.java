package org.spiredoctor.evidence.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.spiredoctor.kube.Exec;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.kube.Redaction;
import org.spiredoctor.spire.server.ServerCli;
import org.spiredoctor.spire.server.ServerContainer;
import org.spiredoctor.spire.server.ServerException;
import org.spiredoctor.spire.server.SpireServer;

/** A SPIRE server's container, in its pod: its image need hold nothing but the program. */
public final class ServerPod implements ServerContainer {
  private final KubeApi api;
  private final ServerProgram program;
  private final ServerProgram.Place pod;
  private final boolean endsInput;

  private ServerPod(KubeApi api, ServerProgram program, boolean endsInput) {
    this.api = api;
    this.program = program;
    this.pod = program.pod().orElseThrow();
    this.endsInput = endsInput;
  }

  /**
   * The server of a pod that is running.
   *
   * @param api that is closed with it
   * @param program of a pod
   * @param endsInput as {@link #endsInput(KubeApi)} tells
   * @param progress is told what takes long
   */
  public static SpireServer server(
      KubeApi api, ServerProgram program, boolean endsInput, Consumer<String> progress) {
    return new ServerCli(new ServerPod(api, program, endsInput), Redaction::text, progress);
  }

  /** Whether programs in a cluster can see the end of their input: from Kubernetes 1.30 on. */
  public static boolean endsInput(KubeApi api) {
    try {
      return api.closesInput();
    } catch (KubeException e) {
      // Who may not ask for the version goes the way that is always open.
      return false;
    }
  }

  @Override
  public boolean endsInput() {
    return endsInput;
  }

  @Override
  public Run start(List<String> words, boolean input, Limits limits) throws ServerException {
    List<String> command = program.command(words);
    try {
      Exec exec =
          api.exec(
              pod.namespace(),
              pod.name(),
              pod.container(),
              command,
              input ? Exec.Input.ENDING : Exec.Input.NONE,
              new Exec.Limits(limits.whole(), limits.bytes()));
      return new ExecRun(String.join(" ", command), exec);
    } catch (KubeException e) {
      ServerException.Reason reason =
          switch (e.reason()) {
            case FORBIDDEN -> ServerException.Reason.FORBIDDEN;
            case NOT_FOUND -> ServerException.Reason.ABSENT;
            case UNREACHABLE, UNAUTHENTICATED, CONFLICT, TIMED_OUT, OTHER ->
                ServerException.Reason.FAILED;
          };
      throw new ServerException(reason, e.asked(), e.answer());
    }
  }

  @Override
  public void close() {
    api.close();
  }

  private record ExecRun(String command, Exec exec) implements Run {
    @Override
    public InputStream output() {
      return exec;
    }

    @Override
    public void send(byte[] input) throws IOException {
      exec.send(input);
      exec.closeInput();
    }

    @Override
    public void whenSilent(BooleanSupplier alive) {
      exec.whenSilent(alive);
    }

    @Override
    public OptionalInt exitCode() {
      return exec.exitCode();
    }

    @Override
    public String complaint() {
      return exec.complaint();
    }

    @Override
    public void close() {
      exec.close();
    }
  }
}
