package org.spiredoctor.spire.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.spiredoctor.spire.server.ServerContainer.Limits;
import org.spiredoctor.spire.server.ServerContainer.Run;

/** Runs a SPIRE server's own program, and reads what it prints. */
final class ProgramRunner {
  private static final long MEBI = 1024 * 1024;

  /** A version, a state of health, a bundle: what fits into one message of the server's API. */
  static final Limits ANSWER = new Limits(Duration.ofSeconds(30), 8 * MEBI);

  /** A million entries or agents; they are read as they come. */
  static final Limits LISTING = new Limits(Duration.ofMinutes(10), 1024 * MEBI);

  /** What came of some hundred entries that were sent, on a slow datastore. */
  static final Limits CHANGES = new Limits(Duration.ofMinutes(3), 64 * MEBI);

  private final ServerContainer container;
  private final UnaryOperator<String> redaction;

  /**
   * @param redaction takes secrets out of what was printed
   */
  ProgramRunner(ServerContainer container, UnaryOperator<String> redaction) {
    this.container = container;
    this.redaction = redaction;
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
      Limits limits,
      Optional<BooleanSupplier> alive,
      Reader<T> reader)
      throws ServerException {
    try (Run run = container.start(words, input.isPresent(), limits)) {
      alive.ifPresent(run::whenSilent);
      if (input.isPresent()) {
        run.send(input.get());
      }
      return answer(run, reader);
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()));
    }
  }

  /** Its release, which it prints on standard error. */
  String version() throws ServerException {
    try (Run run = container.start(List.of("--version"), false, ANSWER)) {
      String out = new String(run.output().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (run.exitCode().orElse(-1) == 0) {
        return out.isEmpty() ? run.complaint() : redaction.apply(out);
      }
      throw failed(run.command() + ": " + run.complaint());
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()));
    }
  }

  private <T> T answer(Run run, Reader<T> reader) throws ServerException {
    try {
      T answer = reader.read(run.output());
      run.output().skip(Long.MAX_VALUE);
      if (run.exitCode().orElse(-1) == 0) {
        return answer;
      }
    } catch (IOException e) {
      rest(run);
      if (run.complaint().isEmpty()) {
        // Its message quotes what it cannot read.
        String why = redaction.apply(String.valueOf(e.getMessage()));
        throw failed(run.command() + ": " + why);
      }
    }
    throw failed(run.command() + ": " + reason(run.complaint()));
  }

  private static ServerException failed(String answer) {
    return new ServerException(ServerException.Reason.FAILED, "", answer);
  }

  /** For what it complains of in the end. */
  private static void rest(Run run) {
    try {
      run.output().skip(Long.MAX_VALUE);
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
}
