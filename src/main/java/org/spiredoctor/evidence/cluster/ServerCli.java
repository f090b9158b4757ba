package org.spiredoctor.evidence.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.kube.Exec;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.kube.Redaction;

/** A SPIRE server, asked with its own program in its own pod: its image need hold nothing else. */
public final class ServerCli {
  private static final long MEBI = 1024 * 1024;

  /** A version, a state of health, a bundle: what fits into one message of the server's API. */
  private static final Exec.Limits ANSWER = new Exec.Limits(Duration.ofSeconds(30), 8 * MEBI);

  /** A million entries or agents; they are read as they come. */
  private static final Exec.Limits LISTING = new Exec.Limits(Duration.ofMinutes(10), 1024 * MEBI);

  /** No server has it. */
  private static final String NO_ENTRY = "00000000-0000-0000-0000-000000000000";

  /** What came of some hundred entries that were sent, on a slow datastore. */
  private static final Exec.Limits CHANGES = new Exec.Limits(Duration.ofMinutes(3), 64 * MEBI);

  private final KubeApi api;
  private final ServerProgram program;
  private final ServerProgram.Place pod;
  private final Consumer<String> progress;

  /**
   * Of a pod that is running.
   *
   * @param program of a pod
   * @param progress is told what takes long
   */
  public ServerCli(KubeApi api, ServerProgram program, Consumer<String> progress) {
    this.api = api;
    this.program = program;
    this.pod = program.pod().orElseThrow();
    this.progress = progress;
  }

  Name name() {
    return new Name(pod.namespace(), pod.name());
  }

  String health() throws KubeException, IOException {
    return Redaction.text(run(List.of("healthcheck")));
  }

  List<Agent> agents() throws KubeException, IOException {
    List<String> words = List.of("agent", "list", "-output", "json");
    return run(words, Optional.empty(), LISTING, "agents", in -> new ServerJson().agents(in));
  }

  /** All entries. */
  public List<Entry> entries() throws KubeException, IOException {
    List<String> words = List.of("entry", "show", "-output", "json");
    return run(words, Optional.empty(), LISTING, "entries", in -> new ServerJson().entries(in));
  }

  /** The entry of an id, as it is now; nothing when there is none. */
  public Optional<Entry> entry(String id) throws KubeException, IOException {
    try {
      return run(
              List.of("entry", "show", "-entryID", id, "-output", "json"),
              ANSWER,
              in -> new ServerJson().entries(in))
          .stream()
          .findFirst();
    } catch (IOException e) {
      // The program has no exit code of its own for it.
      if (String.valueOf(e.getMessage()).contains("code = NotFound")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  TrustBundle bundle() throws KubeException, IOException {
    return run(List.of("bundle", "show", "-output", "json"), ANSWER, ServerTrustJson::bundle);
  }

  List<TrustBundle> federated() throws KubeException, IOException {
    return run(List.of("bundle", "list", "-output", "json"), ANSWER, ServerTrustJson::bundles);
  }

  List<FederationRelationship> relationships() throws KubeException, IOException {
    return run(
        List.of("federation", "list", "-output", "json"), ANSWER, ServerTrustJson::relationships);
  }

  /** Releases before 1.15 have no such command. */
  ServerInfo info() throws KubeException, IOException {
    return run(List.of("debug", "getinfo", "-output", "json"), ANSWER, ServerTrustJson::info);
  }

  /** It is printed on standard error. */
  String version() throws KubeException, IOException {
    List<String> command = List.of(program.path(), "--version");
    try (Exec exec =
        api.exec(pod.namespace(), pod.name(), pod.container(), command, Exec.Input.NONE, ANSWER)) {
      String out = new String(exec.readAllBytes(), StandardCharsets.UTF_8).strip();
      if (exec.exitCode().orElse(-1) == 0) {
        return out.isEmpty() ? exec.complaint() : Redaction.text(out);
      }
      throw new IOException(String.join(" ", command) + ": " + exec.complaint());
    }
  }

  /**
   * Runs any command of the server's program; what it prints.
   *
   * @throws IOException when it does not end well; with what it complained of
   */
  public String run(List<String> words) throws KubeException, IOException {
    return run(words, ANSWER, in -> new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
  }

  /** Runs {@code entry create}, {@code update} or {@code delete}; what came of each entry. */
  public List<EntryResult> change(List<String> words) throws KubeException, IOException {
    return change(words, Optional.empty());
  }

  /** The same with its standard input, which is closed then. */
  public List<EntryResult> change(List<String> words, byte[] input)
      throws KubeException, IOException {
    return change(words, Optional.of(input));
  }

  private List<EntryResult> change(List<String> words, Optional<byte[]> input)
      throws KubeException, IOException {
    List<String> all = new ArrayList<>(words);
    // In text it tells by its exit code that one failed, but not which.
    all.addAll(List.of("-output", "json"));
    return run(all, input, CHANGES, "", in -> new ServerJson().results(in));
  }

  private interface Reader<T> {
    T read(InputStream output) throws IOException;
  }

  private <T> T run(List<String> words, Exec.Limits limits, Reader<T> reader)
      throws KubeException, IOException {
    return run(words, Optional.empty(), limits, "", reader);
  }

  /**
   * Whether the server and its datastore answer, while its program has printed nothing for a while:
   * it prints nothing until it has read all that it lists, and a hundred thousand entries take many
   * seconds.
   */
  private boolean answers(String what) {
    try {
      var _ = entry(NO_ENTRY);
      progress.accept("Waiting for the SPIRE server to list its " + what + "...");
      return true;
    } catch (KubeException | IOException e) {
      return false;
    }
  }

  /**
   * @param listed of what there may be very many; empty where it is something else
   */
  private <T> T run(
      List<String> words,
      Optional<byte[]> input,
      Exec.Limits limits,
      String listed,
      Reader<T> reader)
      throws KubeException, IOException {
    List<String> command = program.command(words);
    try (Exec exec =
        api.exec(
            pod.namespace(),
            pod.name(),
            pod.container(),
            command,
            input.isPresent() ? Exec.Input.ENDING : Exec.Input.NONE,
            limits)) {
      if (!listed.isEmpty()) {
        exec.whenSilent(() -> answers(listed));
      }
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
}
