package org.spiredoctor.diagnosis;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.kube.Redaction;

/** What a rule makes of the evidence. */
public sealed interface Outcome {

  /**
   * Judges what a rule cannot do without: unknown where it was not seen, passed without outcomes.
   */
  static <T> List<Outcome> ifSeen(Observed<T> needed, Function<T, List<Outcome>> judge) {
    return switch (needed) {
      case Observed.Seen<T>(T value) -> orPassed(judge.apply(value));
      case Observed.Unseen<T> unseen -> unknown(unseen.missing().stream());
    };
  }

  /** These outcomes, or passed where there are none. */
  static List<Outcome> orPassed(List<Outcome> outcomes) {
    return outcomes.isEmpty() ? List.of(new Passed()) : List.copyOf(outcomes);
  }

  /** One for each different thing that would have to be seen. */
  static List<Outcome> unknown(Stream<String> missing) {
    return missing.distinct().<Outcome>map(Unknown::new).toList();
  }

  /** Looked at, and in order. */
  record Passed() implements Outcome {}

  /** A fault. */
  record Found(Finding finding) implements Outcome {}

  /**
   * It could not be told.
   *
   * @param missing what would have to be seen
   */
  record Unknown(String missing) implements Outcome {
    /** Without secrets: it may quote what came back. */
    public Unknown {
      missing = Redaction.text(missing);
    }
  }

  /**
   * There was nothing to judge.
   *
   * @param why in a few words
   */
  record NotApplicable(String why) implements Outcome {}
}
