package org.spiredoctor.evidence.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Exec;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;

/** A SPIRE server, asked with its own program in its own pod: its image need hold nothing else. */
public final class ServerCli {
  private final KubeApi api;
  private final ServerProgram program;

  /** Of a pod that is running. */
  public ServerCli(KubeApi api, ServerProgram program) {
    this.api = api;
    this.program = program;
  }

  String health() throws KubeException, IOException {
    return run(List.of("healthcheck"));
  }

  List<Agent> agents() throws KubeException, IOException {
    return run(List.of("agent", "list", "-output", "json"), in -> new ServerJson().agents(in));
  }

  List<Entry> entries() throws KubeException, IOException {
    return run(List.of("entry", "show", "-output", "json"), in -> new ServerJson().entries(in));
  }

  /**
   * Runs any command of the server's program; what it prints.
   *
   * @throws IOException when it does not end well; with what it complained of
   */
  public String run(List<String> words) throws KubeException, IOException {
    return run(words, in -> new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
  }

  private interface Reader<T> {
    T read(InputStream output) throws IOException;
  }

  private <T> T run(List<String> words, Reader<T> reader) throws KubeException, IOException {
    List<String> command = program.command(words);
    try (Exec exec = api.exec(program.namespace(), program.pod(), program.container(), command)) {
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
