package org.spiredoctor.evidence.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.spiredoctor.kube.Exec;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.kube.Redaction;
import org.spiredoctor.spire.server.ServerException;

/** Runs a SPIRE server's own program in its pod: its image need hold nothing else. */
final class ProgramRunner {
  private static final long MEBI = 1024 * 1024;

  /** A version, a state of health, a bundle: what fits into one message of the server's API. */
  static final Exec.Limits ANSWER = new Exec.Limits(Duration.ofSeconds(30), 8 * MEBI);

  /** A million entries or agents; they are read as they come. */
  static final Exec.Limits LISTING = new Exec.Limits(Duration.ofMinutes(10), 1024 * MEBI);

  /** What came of some hundred entries that were sent, on a slow datastore. */
  static final Exec.Limits CHANGES = new Exec.Limits(Duration.ofMinutes(3), 64 * MEBI);

  private final KubeApi api;
  private final ServerProgram program;
  private final ServerProgram.Place pod;

  /**
   * @param program of a pod that is running
   */
  ProgramRunner(KubeApi api, ServerProgram program) {
    this.api = api;
    this.program = program;
    this.pod = program.pod().orElseThrow();
  }

  /** Reads what it prints. */
  interface Reader<T> {
    T read(InputStream output) throws IOException;
  }

  /**
   * Runs a command.
   *
   * @param input that it reads to its end; absent for none
   * @param alive is asked when it has printed nothing for a while; absent for what prints at once
   * @throws ServerException when it does not end well; with what it complained of
   */
  <T> T run(
      List<String> words,
      Optional<byte[]> input,
      Exec.Limits limits,
      Optional<BooleanSupplier> alive,
      Reader<T> reader)
      throws ServerException {
    return told(() -> answer(words, input, limits, alive, reader));
  }

  /** Its release, which it prints on standard error. */
  String version() throws ServerException {
    return told(this::printedVersion);
  }

  private interface Question<T> {
    T ask() throws KubeException, IOException;
  }

  private static <T> T told(Question<T> question) throws ServerException {
    try {
      return question.ask();
    } catch (KubeException e) {
      ServerException.Reason reason =
          switch (e.reason()) {
            case FORBIDDEN -> ServerException.Reason.FORBIDDEN;
            case NOT_FOUND -> ServerException.Reason.ABSENT;
            case UNREACHABLE, UNAUTHENTICATED, CONFLICT, TIMED_OUT, OTHER ->
                ServerException.Reason.FAILED;
          };
      throw new ServerException(reason, e.asked(), e.answer());
    } catch (IOException e) {
      throw new ServerException(ServerException.Reason.FAILED, "", String.valueOf(e.getMessage()));
    }
  }

  private Exec start(List<String> command, Exec.Input input, Exec.Limits limits)
      throws KubeException {
    return api.exec(pod.namespace(), pod.name(), pod.container(), command, input, limits);
  }

  private String printedVersion() throws KubeException, IOException {
    List<String> command = List.of(program.path(), "--version");
    try (Exec exec = start(command, Exec.Input.NONE, ANSWER)) {
      String out = new String(exec.readAllBytes(), StandardCharsets.UTF_8).strip();
      if (exec.exitCode().orElse(-1) == 0) {
        return out.isEmpty() ? exec.complaint() : Redaction.text(out);
      }
      throw new IOException(String.join(" ", command) + ": " + exec.complaint());
    }
  }

  private <T> T answer(
      List<String> words,
      Optional<byte[]> input,
      Exec.Limits limits,
      Optional<BooleanSupplier> alive,
      Reader<T> reader)
      throws KubeException, IOException {
    List<String> command = program.command(words);
    Exec.Input kind = input.isPresent() ? Exec.Input.ENDING : Exec.Input.NONE;
    try (Exec exec = start(command, kind, limits)) {
      alive.ifPresent(exec::whenSilent);
      if (input.isPresent()) {
        exec.send(input.get());
        exec.closeInput();
      }
      try {
        T answer = reader.read(exec);
        exec.skip(Long.MAX_VALUE);
        if (exec.exitCode().orElse(-1) == 0) {
          return answer;
        }
      } catch (IOException e) {
        rest(exec);
        if (exec.complaint().isEmpty()) {
          // Its message quotes what it cannot read.
          String why = Redaction.text(String.valueOf(e.getMessage()));
          throw new IOException(String.join(" ", command) + ": " + why, e);
        }
      }
      throw new IOException(String.join(" ", command) + ": " + reason(exec.complaint()));
    }
  }

  /** For what it complains of in the end. */
  private static void rest(Exec exec) {
    try {
      exec.skip(Long.MAX_VALUE);
    } catch (IOException e) {
      // What came before says more.
    }
  }

  /** A release that has no such command prints which ones it has, and does not say so. */
  static String reason(String complaint) {
    return complaint.startsWith("Usage: spire-server ") && complaint.contains("Available commands")
        ? "this release of spire-server has no such command"
        : complaint;
  }

  void close() {
    api.close();
  }
}
