package org.spiredoctor.diagnosis;

import java.util.List;
import java.util.Optional;
import org.spiredoctor.evidence.cluster.ServerProgram;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryImpact;
import org.spiredoctor.kube.Redaction;

/** Something that repairs a fault. */
public sealed interface Remedy {

  /** What it does, as an imperative sentence. */
  String summary();

  /** The text that is there to be copied; empty where there is none. */
  default String block() {
    return switch (this) {
      case Command command -> command.command();
      case EntryChange change -> change.command();
      case Declaration declaration -> declaration.command();
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
   * A change of the server's entries; {@link FixPolicy} decides whether {@code check --fix} makes
   * it.
   *
   * @param server whose entries
   * @param before the entry as it was listed; absent where it is created
   * @param after the entry as it will be
   * @param there all entries of its SPIFFE ID as they were listed
   * @param impact who is served before and after; absent where the pods were not seen
   * @param ownAlias whether it is a missing node alias of this cluster's own attested agents
   * @param asked whether the user asked about all pods, or about every pod that gains by it
   * @param named whether the user named its SPIFFE ID, and every pod that gains by it
   * @param words for its program, such as {@code entry create …}
   * @param command the same to paste, quoted for a POSIX shell
   */
  record EntryChange(
      String summary,
      ServerProgram server,
      Optional<Entry> before,
      Entry after,
      List<Entry> there,
      Optional<EntryImpact> impact,
      boolean ownAlias,
      boolean asked,
      boolean named,
      List<String> words,
      String command)
      implements Remedy {

    /** Whether its entry hangs below a node alias that another change makes. */
    public boolean isBelow(EntryChange alias) {
      return alias.after().forNodes() && after.parentId().equals(alias.after().spiffeId());
    }
  }

  /**
   * A command to paste that declares entries to a spire-controller-manager.
   *
   * @param command quoted for a POSIX shell
   * @param impact who is served before and after; absent where the pods were not seen
   */
  record Declaration(String summary, String command, Optional<EntryImpact> impact)
      implements Remedy {}

  /**
   * A change to a manifest.
   *
   * @param yaml the part to change, as it should be
   * @param of what is changed; absent where it is what the finding is about
   */
  record Patch(String summary, String yaml, Optional<Subject> of) implements Remedy {

    /** A change to what the finding is about. */
    public Patch(String summary, String yaml) {
      this(summary, yaml, Optional.empty());
    }
  }

  /** What a person has to do. */
  record Advice(String summary) implements Remedy {}
}
