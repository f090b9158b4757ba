package org.spiredoctor.evidence.cluster;

import java.util.Optional;
import java.util.function.Function;
import org.spiredoctor.kube.Redaction;
import org.spiredoctor.spire.server.ServerException;

/** Something that was seen, or was not, and why. */
public sealed interface Observed<T> {

  /** It was seen. */
  record Seen<T>(T value) implements Observed<T> {}

  /**
   * It was not seen.
   *
   * @param asked what was asked: verb, resource and namespace, or a command
   * @param why what came back; untrusted
   */
  record Unseen<T>(Reason reason, String asked, String why) implements Observed<T> {
    /** Without secrets: what came back may quote anything. */
    public Unseen {
      why = Redaction.text(why);
    }

    /** The same of another type. */
    public <R> Unseen<R> as() {
      return new Unseen<>(reason, asked, why);
    }
  }

  /** Why something was not seen. */
  enum Reason {
    /** This user may not. */
    FORBIDDEN,
    /** There is no such thing. */
    ABSENT,
    /** It did not answer, or not well. */
    FAILED,
    /** It was not asked for. */
    NOT_ASKED;

    /** The same of a SPIRE server. */
    static Reason of(ServerException.Reason reason) {
      return switch (reason) {
        case FORBIDDEN -> FORBIDDEN;
        case ABSENT -> ABSENT;
        case FAILED -> FAILED;
        case NOT_ASKED -> NOT_ASKED;
      };
    }
  }

  /** What was seen. */
  default Optional<T> seen() {
    return this instanceof Seen<T>(T value) ? Optional.of(value) : Optional.empty();
  }

  /** Another view of it. */
  default <R> Observed<R> map(Function<T, R> view) {
    return switch (this) {
      case Seen<T>(T value) -> new Seen<>(view.apply(value));
      case Unseen<T> unseen -> unseen.as();
    };
  }

  /** What would have to be seen, in words; empty when it was. */
  default Optional<String> missing() {
    return this instanceof Unseen<T> unseen
        ? Optional.of(unseen.asked() + ": " + unseen.why())
        : Optional.empty();
  }
}
