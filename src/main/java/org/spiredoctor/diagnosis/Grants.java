package org.spiredoctor.diagnosis;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.Component;

/**
 * Remedies that give a server or agents rights, access to nodes, or trust. They are shown only for
 * what is corroborated: anybody can call an image {@code spire-agent}, and wait for somebody to
 * paste a command that lets it list the pods of every node.
 */
public final class Grants {
  private Grants() {}

  /** The remedy; or else what it would take to show it. */
  public static Remedy to(Component component, Remedy remedy) {
    return missing(Stream.of(component)).orElse(remedy);
  }

  /** The same of several. */
  public static List<Remedy> to(Component component, List<Remedy> remedies) {
    return missing(Stream.of(component)).map(List::of).orElse(remedies);
  }

  /** What it would take, where one of these is not corroborated. */
  public static Optional<Remedy> missing(Stream<Component> components) {
    return components
        .filter(one -> !one.isCorroborated())
        .findFirst()
        .map(
            one ->
                new Remedy.Advice(
                    "The fix gives rights or trust to "
                        + one.inWords()
                        + ", and nothing shows that this is SPIRE. If it is, run this check again"
                        + " with --spire-namespace "
                        + Shell.quote(one.namespace())
                        + " to see the command"));
  }
}
