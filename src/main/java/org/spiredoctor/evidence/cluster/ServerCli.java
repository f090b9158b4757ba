package org.spiredoctor.evidence.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.kube.Exec;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;

/** A SPIRE server, asked with its own program in its own pod: its image need hold nothing else. */
public final class ServerCli {
  private final KubeApi api;
  private final ServerProgram program;
  private final ServerProgram.Place pod;

  /**
   * Of a pod that is running.
   *
   * @param program of a pod
   */
  public ServerCli(KubeApi api, ServerProgram program) {
    this.api = api;
    this.program = program;
    this.pod = program.pod().orElseThrow();
  }

  Name name() {
    return new Name(pod.namespace(), pod.name());
  }

  String health() throws KubeException, IOException {
    return run(List.of("healthcheck"));
  }

  List<Agent> agents() throws KubeException, IOException {
    return run(List.of("agent", "list", "-output", "json"), in -> new ServerJson().agents(in));
  }

  /** All entries. */
  public List<Entry> entries() throws KubeException, IOException {
    return run(List.of("entry", "show", "-output", "json"), in -> new ServerJson().entries(in));
  }

  /** The entry of an id, as it is now; nothing when there is none. */
  public Optional<Entry> entry(String id) throws KubeException, IOException {
    try {
      return run(
              List.of("entry", "show", "-entryID", id, "-output", "json"),
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
    return run(List.of("bundle", "show", "-output", "json"), ServerTrustJson::bundle);
  }

  List<TrustBundle> federated() throws KubeException, IOException {
    return run(List.of("bundle", "list", "-output", "json"), ServerTrustJson::bundles);
  }

  List<FederationRelationship> relationships() throws KubeException, IOException {
    return run(List.of("federation", "list", "-output", "json"), ServerTrustJson::relationships);
  }

  /** Servers before 1.15 have no such command. */
  ServerInfo info() throws KubeException, IOException {
    return run(List.of("debug", "getinfo", "-output", "json"), ServerTrustJson::info);
  }

  /** It is printed on standard error. */
  String version() throws KubeException, IOException {
    List<String> command = List.of(program.path(), "--version");
    try (Exec exec =
        api.exec(pod.namespace(), pod.name(), pod.container(), command, Exec.Input.NONE)) {
      String out = new String(exec.readAllBytes(), StandardCharsets.UTF_8).strip();
      if (exec.exitCode().orElse(-1) == 0) {
        return out.isEmpty() ? exec.complaint() : out;
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
    return run(words, in -> new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
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
    return run(all, input, in -> new ServerJson().results(in));
  }

  private interface Reader<T> {
    T read(InputStream output) throws IOException;
  }

  private <T> T run(List<String> words, Reader<T> reader) throws KubeException, IOException {
    return run(words, Optional.empty(), reader);
  }

  private <T> T run(List<String> words, Optional<byte[]> input, Reader<T> reader)
      throws KubeException, IOException {
    List<String> command = program.command(words);
    try (Exec exec =
        api.exec(
            pod.namespace(),
            pod.name(),
            pod.container(),
            command,
            input.isPresent() ? Exec.Input.ENDING : Exec.Input.NONE)) {
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
        exec.skip(Long.MAX_VALUE);
        if (exec.complaint().isEmpty()) {
          throw new IOException(String.join(" ", command) + ": " + e.getMessage(), e);
        }
      }
      throw new IOException(String.join(" ", command) + ": " + exec.complaint());
    }
  }
}
