package org.spiredoctor.diagnosis;

import java.util.List;
import org.spiredoctor.evidence.cluster.ServerProgram;
import org.spiredoctor.kube.Redaction;

/** Something that mends a fault. */
public sealed interface Remedy {

  /** What it does, as an imperative sentence. */
  String summary();

  /** The text that is there to be copied; empty where there is none. */
  default String block() {
    return switch (this) {
      case Command command -> command.command();
      case EntryChange change -> change.command();
      case Patch patch -> patch.yaml();
      case Advice _ -> "";
    };
  }

  /**
   * The same without tokens. With something else in their place a command would do something else,
   * so only its sentence is left then.
   */
  default Remedy shareable() {
    if (!Redaction.tokens(block()).equals(block())) {
      return new Advice(
          Redaction.tokens(summary())
              + "; the command for it would hold what looks like a token, and is not shown");
    }
    return this;
  }

  /**
   * A command to paste.
   *
   * @param command quoted for a POSIX shell
   */
  record Command(String summary, String command) implements Remedy {}

  /**
   * A change of the server's entries, which {@code check --fix} makes itself.
   *
   * @param server of which
   * @param words for its program, such as {@code entry create …}
   * @param command the same to paste, quoted for a POSIX shell
   */
  record EntryChange(String summary, ServerProgram server, List<String> words, String command)
      implements Remedy {}

  /**
   * A change to a manifest.
   *
   * @param yaml the part to change, as it should be
   */
  record Patch(String summary, String yaml) implements Remedy {}

  /** What a person has to do. */
  record Advice(String summary) implements Remedy {}
}
